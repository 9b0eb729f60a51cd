-- Finds the executable `tl-lsp` and says what to do where there is none. The server itself
-- is Neovim's business: see `lsp/tensorlogic.lua`.

local config = require('tensorlogic.config')

local M = {}

--- The name of the configuration and of its clients.
M.name = 'tensorlogic'

--- The executable: the option `server`, else `tl-lsp` on `$PATH`.
---@return string? path
---@return string? problem
function M.executable()
  local given = config.get().server
  if given then
    local path = vim.fs.normalize(given)
    if vim.fn.executable(path) == 1 then
      return path
    end
    return nil, ('the option `server` names `%s`, which cannot be executed; correct it or remove it'):format(given)
  end
  local path = vim.fn.exepath('tl-lsp')
  if path ~= '' then
    return path
  end
  return nil,
    '`tl-lsp` is not on `$PATH`: build it with `cargo build --release` and set '
      .. '`vim.g.tensorlogic = { server = \'…/target/release/tl-lsp\' }`'
end

--- The client that serves a buffer.
---@param buffer integer?
---@return vim.lsp.Client?
function M.client(buffer)
  return vim.lsp.get_clients({ bufnr = buffer or 0, name = M.name })[1]
end

return M
