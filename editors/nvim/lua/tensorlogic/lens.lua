-- Keeps the code lenses fresh: `▶ Run` before a run, `■ Stop` while it goes on. Neovim 0.11
-- draws lenses but never asks for them again by itself; later versions do it all, and then
-- this module only switches them on.

local server = require('tensorlogic.server')

local M = {}

-- How long after the last edit the lenses are asked for again.
local SETTLE_MS = 250

local timers = {} ---@type table<integer, uv.uv_timer_t>

local refresh_soon ---@type fun(buffer: integer)

--- Asks for the lenses of a buffer and shows them.
---@param buffer integer
function M.refresh(buffer)
  local client = server.client(buffer)
  if not client or not client:supports_method('textDocument/codeLens', buffer) then
    return
  end
  local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
  client:request('textDocument/codeLens', params, function(problem, lenses, context)
    if problem or not vim.api.nvim_buf_is_loaded(buffer) then
      return
    end
    -- The text has changed since: these places are no longer right.
    if context.version ~= vim.lsp.util.buf_versions[buffer] then
      return refresh_soon(buffer)
    end
    vim.lsp.codelens.on_codelens(nil, lenses, context)
  end, buffer)
end

function refresh_soon(buffer)
  local timer = timers[buffer]
  if not timer then
    return
  end
  timer:start(SETTLE_MS, 0, vim.schedule_wrap(function()
    if timers[buffer] == timer and vim.api.nvim_buf_is_loaded(buffer) then
      M.refresh(buffer)
    end
  end))
end

--- The server's `workspace/codeLens/refresh`.
function M.on_refresh(_, _, context)
  for _, buffer in ipairs(vim.lsp.get_buffers_by_client_id(context.client_id)) do
    M.refresh(buffer)
  end
  return vim.NIL
end

--- Shows lenses in a buffer from now on.
---@param buffer integer
function M.attach(buffer)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  timers[buffer] = timers[buffer] or assert(vim.uv.new_timer())
  local group = vim.api.nvim_create_augroup('tensorlogic.lens.' .. buffer, {})
  vim.api.nvim_create_autocmd({ 'BufWritePost', 'BufEnter' }, {
    group = group,
    buffer = buffer,
    callback = function()
      M.refresh(buffer)
    end,
  })
  vim.api.nvim_create_autocmd({ 'TextChanged', 'InsertLeave' }, {
    group = group,
    buffer = buffer,
    callback = function()
      refresh_soon(buffer)
    end,
  })
  M.refresh(buffer)
end

--- Ends what `attach` began.
---@param buffer integer
function M.detach(buffer)
  if timers[buffer] then
    timers[buffer]:close()
    timers[buffer] = nil
  end
  pcall(vim.api.nvim_del_augroup_by_name, 'tensorlogic.lens.' .. buffer)
end

return M
