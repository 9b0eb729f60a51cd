-- Copies the grammar's queries to where Neovim looks for them, so that the plugin can be
-- installed alone. The truth stays in `tree-sitter-tensorlogic/queries/`; the copies are
-- committed, and a test fails when they are stale. Run from anywhere:
--
--     nvim -l editors/nvim/scripts/queries.lua            writes them
--     nvim -l editors/nvim/scripts/queries.lua --check    only tells which are stale

local here = vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2)))
local plugin = vim.fs.dirname(here)
local grammar = vim.fs.joinpath(plugin, '../../tree-sitter-tensorlogic/queries')
local copies = vim.fs.joinpath(plugin, 'queries/tensorlogic')

-- What Neovim takes, and what it wants besides.
local QUERIES = { 'highlights', 'locals', 'folds', 'indents' }
local ADDITIONS = {
  highlights = [[

; For Neovim: comments are checked for spelling

[
  (line_comment)
  (block_comment)
] @spell
]],
}

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

---@param name string
local function copy_of(name)
  local original = assert(read(vim.fs.joinpath(grammar, name .. '.scm')), 'the grammar has no query `' .. name .. '`')
  local header = ('; Copied from tree-sitter-tensorlogic/queries/%s.scm by scripts/queries.lua\n\n'):format(name)
  return header .. original .. (ADDITIONS[name] or '')
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
