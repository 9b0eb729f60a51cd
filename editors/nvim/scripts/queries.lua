-- Copies the grammar's queries to where Neovim looks for them, so that the plugin can be
-- installed alone. The truth stays in `tree-sitter-tensorlogic/queries/`, with what only
-- Neovim wants in `queries/nvim/` there: a file that begins with `; extends` is added to
-- the common one, any other takes its place. The copies are committed, and a test fails
-- when they are stale. Run from anywhere:
--
--     nvim -l editors/nvim/scripts/queries.lua            writes them
--     nvim -l editors/nvim/scripts/queries.lua --check    only tells which are stale

local here = vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2)))
local plugin = vim.fs.dirname(here)
local grammar = vim.fs.joinpath(plugin, '../../tree-sitter-tensorlogic/queries')
local copies = vim.fs.joinpath(plugin, 'queries/tensorlogic')

-- What Neovim takes; `textobjects` is for the plugin nvim-treesitter-textobjects.
local QUERIES = { 'highlights', 'locals', 'injections', 'folds', 'indents', 'textobjects' }
local EXTENDS = '^; extends\n\n'

---@param path string
local function read(path)
  local file = io.open(path, 'r')
  if not file then
    return nil
  end
  local text = file:read('*a')
  file:close()
  return text
end

---@param place string
---@param text string
local function copied(place, text)
  return ('; Copied from tree-sitter-tensorlogic/queries/%s by scripts/queries.lua\n\n%s'):format(place, text)
end

---@param name string
local function copy_of(name)
  local file = name .. '.scm'
  local common = assert(read(vim.fs.joinpath(grammar, file)), 'the grammar has no query `' .. name .. '`')
  local own = read(vim.fs.joinpath(grammar, 'nvim', file))
  if not own then
    return copied(file, common)
  elseif not own:find(EXTENDS) then
    return copied('nvim/' .. file, own)
  end
  return copied(file, common) .. '\n' .. copied('nvim/' .. file, (own:gsub(EXTENDS, '')))
end

local check, stale = _G.arg[1] == '--check', 0
for _, name in ipairs(QUERIES) do
  local path, wanted = vim.fs.joinpath(copies, name .. '.scm'), copy_of(name)
  if read(path) ~= wanted then
    stale = stale + 1
    print((check and 'stale: ' or 'written: ') .. 'queries/tensorlogic/' .. name .. '.scm')
    if not check then
      vim.fn.mkdir(copies, 'p')
      local file = assert(io.open(path, 'w'))
      file:write(wanted)
      file:close()
    end
  end
end
if check and stale > 0 then
  print('help: run `nvim -l editors/nvim/scripts/queries.lua`')
  os.exit(1)
end
