-- Options and mappings of a TensorLogic buffer.

if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = 1

local options = vim.opt_local
options.commentstring = '// %s'
options.comments = 's1:/*,mb:*,ex:*/,://'
options.expandtab = true
options.shiftwidth = 4
options.softtabstop = 4
options.indentexpr = "v:lua.require'tensorlogic.indent'.expression()"
options.indentkeys = '0{,0},0),0],!^F,o,O'
options.formatoptions:remove('t')
options.formatoptions:append('croql')
options.suffixesadd = '.tl'
vim.b.undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< indentexpr< '
  .. 'indentkeys< formatoptions< suffixesadd<'

local buffer = vim.api.nvim_get_current_buf()
if require('tensorlogic.parser').start(buffer) then
  vim.b.undo_ftplugin = vim.b.undo_ftplugin .. ' | call v:lua.vim.treesitter.stop()'
end

---@param keys string
---@param action string a function of `require('tensorlogic')`
---@param description string
local function map(keys, action, description)
  if vim.fn.maparg(keys, 'n', false, true).buffer == 1 then
    return
  end
  vim.keymap.set('n', keys, function()
    require('tensorlogic')[action]()
  end, { buffer = buffer, desc = description })
  vim.b.undo_ftplugin = vim.b.undo_ftplugin .. (' | silent! execute "nunmap <buffer> %s"'):format(keys)
end

if require('tensorlogic.config').get().mappings then
  map('grx', 'toggle', 'Run this script, or stop it')
  map('gro', 'output', 'Output of the latest run')
end
