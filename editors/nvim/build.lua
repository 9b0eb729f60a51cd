-- Builds the tree-sitter parser after an installation or an update: lazy.nvim runs this file
-- by itself, and `nvim -l build.lua` does the same from a shell.

vim.opt.runtimepath:prepend(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h'))
local path, problem = require('tensorlogic.parser').build()
if not path then
  error('the parser of TensorLogic was not built: ' .. problem, 0)
end
print('built ' .. path)
