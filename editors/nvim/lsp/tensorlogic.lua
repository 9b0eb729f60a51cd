-- The server for Neovim's `vim.lsp`. A person's own `vim.lsp.config('tensorlogic', …)`
-- goes over this; the plugin's options are read when a server starts.

local function options()
  return require('tensorlogic.config').get()
end

-- What `vim.lsp` itself answers from Neovim 0.12 on is left to it.
local handlers = {
  ['tensorlogic/event'] = function(...)
    return require('tensorlogic.runs').on_event(...)
  end,
}
if not vim.lsp.handlers['workspace/codeLens/refresh'] then
  handlers['workspace/codeLens/refresh'] = function(...)
    return require('tensorlogic.lens').on_refresh(...)
  end
end
if not vim.lsp.handlers['workspace/diagnostic/refresh'] then
  handlers['workspace/diagnostic/refresh'] = function(...)
    return require('tensorlogic.attach').on_diagnostic_refresh(...)
  end
end

---@type vim.lsp.Config
return {
  cmd = function(dispatchers)
    local executable = assert(require('tensorlogic.server').executable())
    return vim.lsp.rpc.start({ executable }, dispatchers)
  end,
  filetypes = { 'tensorlogic' },

  -- Without an executable nothing is started, and one message says what to do.
  root_dir = function(buffer, start)
    local configured = vim.lsp.config.tensorlogic.cmd
    if type(configured) == 'function' then
      local executable, problem = require('tensorlogic.server').executable()
      if not executable then
        return require('tensorlogic.tell').once(problem, vim.log.levels.WARN)
      end
    end
    local folder = vim.fs.dirname(vim.api.nvim_buf_get_name(buffer))
    start(vim.fs.root(buffer, 'tl.toml') or vim.fs.root(buffer, '.git') or folder)
  end,

  settings = { tensorlogic = vim.empty_dict() },
  capabilities = {
    workspace = {
      codeLens = { refreshSupport = true },
      diagnostics = { refreshSupport = true },
    },
  },
  handlers = handlers,

  before_init = function(parameters, config)
    local section = vim.tbl_deep_extend('force', options().settings, config.settings.tensorlogic or {})
    config.settings.tensorlogic = next(section) and section or vim.empty_dict()
    parameters.initializationOptions = config.settings.tensorlogic
  end,
  on_attach = function(client, buffer)
    require('tensorlogic.attach').attach(client, buffer)
  end,
}
