-- Registers what the plugin offers: the server, commands, colours. It loads no module of
-- the plugin before a TensorLogic file is opened or a command is used.

if vim.g.loaded_tensorlogic then
  return
end
vim.g.loaded_tensorlogic = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify('TensorLogic: this plugin needs Neovim 0.11 or newer', vim.log.levels.WARN)
  return
end

---@param name string
---@param action fun()
---@param description string
local function command(name, action, description)
  vim.api.nvim_create_user_command(name, action, { desc = description })
end

command('TensorLogicRun', function()
  require('tensorlogic').run()
end, 'Run main of this TensorLogic script')
command('TensorLogicStop', function()
  require('tensorlogic').stop()
end, 'Stop the run of this TensorLogic script')
command('TensorLogicClear', function()
  require('tensorlogic').clear()
end, 'Remove what the latest run shows')
command('TensorLogicOutput', function()
  require('tensorlogic').output()
end, 'Open the full text of the latest run')
command('TensorLogicInstallParser', function()
  require('tensorlogic.parser').install()
end, 'Build the tree-sitter parser of TensorLogic')

local group = vim.api.nvim_create_augroup('tensorlogic', {})

local function colours()
  local links = {
    TensorLogicResult = 'String',
    TensorLogicArrow = 'NonText',
    TensorLogicStale = 'Comment',
    TensorLogicNote = 'Comment',
    TensorLogicError = 'DiagnosticError',
    ['@error.tensorlogic'] = 'DiagnosticUnderlineError',
  }
  for name, target in pairs(links) do
    vim.api.nvim_set_hl(0, name, { link = target, default = true })
  end
end
colours()
vim.api.nvim_create_autocmd('ColorScheme', { group = group, callback = colours })

vim.api.nvim_create_autocmd('LspDetach', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'tensorlogic' then
      require('tensorlogic.attach').detach(event.buf)
    end
  end,
})

if (vim.g.tensorlogic or {}).lsp ~= false then
  vim.lsp.enable('tensorlogic')
end
