-- Builds the tree-sitter parser with the C compiler and switches its highlighting on.
-- Without a parser a buffer keeps the small `syntax/tensorlogic.vim`; nothing here ever
-- raises an error while a file is being opened.

local config = require('tensorlogic.config')
local tell = require('tensorlogic.tell')

local M = {}

-- The folder of this plugin: three levels above this file.
local PLUGIN = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h:h:h')

--- The folder with `parser.c` and `scanner.c`: the option `grammar`, else the grammar
--- beside this plugin.
---@return string? folder
---@return string? problem
function M.sources()
  local folder = config.get().grammar or vim.fs.normalize(PLUGIN .. '/../../tree-sitter-tensorlogic')
  folder = vim.fn.fnamemodify(vim.fs.normalize(folder), ':p'):gsub('/$', '')
  for _, place in ipairs({ folder .. '/src', folder }) do
    if vim.uv.fs_stat(place .. '/parser.c') then
      return place
    end
  end
  return nil, ('there is no `parser.c` in `%s`; name the grammar\'s folder with the option `grammar`'):format(folder)
end

--- Where the built parser goes: into the plugin, or, where that cannot be written,
--- into Neovim's data folder. Both are on the runtime path.
---@return string
function M.destination()
  local root = vim.fn.filewritable(PLUGIN) == 2 and PLUGIN or (vim.fn.stdpath('data') .. '/site')
  return root .. '/parser/tensorlogic.so'
end

---@return string?
local function compiler()
  for _, name in ipairs({ vim.env.CC or 'cc', 'cc', 'gcc', 'clang' }) do
    if vim.fn.executable(name) == 1 then
      return name
    end
  end
end

--- Compiles the parser to `destination` and answers with its path, or with nothing and
--- what went wrong. It waits for the compiler, a few seconds.
---@param destination string?
---@return string? path
---@return string? problem
function M.build(destination)
  destination = destination or M.destination()
  local sources, missing = M.sources()
  if not sources then
    return nil, missing
  end
  local cc = compiler()
  if not cc then
    return nil, 'there is no C compiler: install `gcc` or `clang`, or name one in `$CC`'
  end
  vim.fn.mkdir(vim.fs.dirname(destination), 'p')
  -- Written beside its place and renamed: a running Neovim keeps the file that it has loaded.
  local fresh = destination .. '.new'
  local command = { cc, '-O2', '-fPIC', '-shared', '-std=c11', '-I', sources, '-o', fresh, sources .. '/parser.c' }
  if vim.uv.fs_stat(sources .. '/scanner.c') then
    table.insert(command, sources .. '/scanner.c')
  end
  local result = vim.system(command, { text = true }):wait()
  if result.code ~= 0 then
    vim.uv.fs_unlink(fresh)
    local first = vim.split(vim.trim(result.stderr or ''), '\n')[1]
    return nil, ('`%s` failed with status %d: %s'):format(cc, result.code, first)
  end
  local renamed, problem = vim.uv.fs_rename(fresh, destination)
  if not renamed then
    return nil, problem
  end
  return destination
end

--- Whether Neovim finds a parser that it can load; else why not.
---@return boolean
---@return string? problem
function M.available()
  local loaded, problem = vim.treesitter.language.add('tensorlogic')
  return loaded == true, problem
end

--- Switches tree-sitter highlighting on in a buffer, if there is a parser.
---@param buffer integer
---@return boolean started
function M.start(buffer)
  if not config.get().treesitter or not M.available() then
    return false
  end
  local started, problem = pcall(vim.treesitter.start, buffer, 'tensorlogic')
  if not started then
    tell.once('the parser does not fit the queries: run `:TensorLogicInstallParser`', vim.log.levels.WARN)
    vim.lsp.log.warn('tensorlogic', problem)
  end
  return started
end

--- `:TensorLogicInstallParser`: builds the parser and uses it in the open buffers.
function M.install()
  tell.now('building the parser')
  local path, problem = M.build()
  if not path then
    return tell.now('the parser was not built: ' .. problem, vim.log.levels.ERROR)
  end
  tell.now('the parser is ready: ' .. vim.fn.fnamemodify(path, ':~'))
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == 'tensorlogic' then
      M.start(buffer)
    end
  end
end

return M
