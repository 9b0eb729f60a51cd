-- The options of the plugin, from `vim.g.tensorlogic` and `setup`. Read anew at each use,
-- so the order of a person's settings and of the plugin does not matter.

local M = {}

---@class tensorlogic.Options
---@field server? string the executable `tl-lsp`; by default the one on `$PATH`
---@field settings table what the server reads, the section `tensorlogic`: `{ device = 'cpu' }`
---@field grammar? string folder of the grammar's sources, for `:TensorLogicInstallParser`
---@field lsp boolean start the server
---@field treesitter boolean highlight with tree-sitter where there is a parser
---@field code_lens boolean show and refresh code lenses
---@field inlay_hints boolean show shapes behind names
---@field completion boolean complete while typing, with Neovim's own menu
---@field mappings boolean map `grx` and `gro` in TensorLogic buffers
---@field output_lines integer how many lines of a run are kept in the output buffer

---@type tensorlogic.Options
M.defaults = {
  settings = {},
  lsp = true,
  treesitter = true,
  code_lens = true,
  inlay_hints = true,
  completion = false,
  mappings = true,
  output_lines = 10000,
}

--- What is wrong with options as a person wrote them, a line for each.
---@param options table
---@return string[]
function M.problems(options)
  local problems = {}
  local kinds = { server = 'string', grammar = 'string' }
  for name, value in pairs(M.defaults) do
    kinds[name] = type(value)
  end
  for name, value in pairs(options) do
    if not kinds[name] then
      table.insert(problems, ('there is no option `%s`'):format(name))
    elseif type(value) ~= kinds[name] then
      table.insert(problems, ('the option `%s` is a %s, not a %s'):format(name, kinds[name], type(value)))
    end
  end
  table.sort(problems)
  return problems
end

--- The options in force. One with a wrong type counts as not given.
---@return tensorlogic.Options
function M.get()
  local given = vim.g.tensorlogic
  if type(given) ~= 'table' then
    return vim.deepcopy(M.defaults)
  end
  local options = vim.tbl_extend('force', M.defaults, given)
  for name, value in pairs(M.defaults) do
    if type(options[name]) ~= type(value) then
      options[name] = value
    end
  end
  return options
end

--- Adds options to those that are already set.
---@param options table?
function M.set(options)
  vim.g.tensorlogic = vim.tbl_extend('force', vim.g.tensorlogic or {}, options or {})
end

return M
