-- What happens to a buffer once the server serves it, and when it no longer does. Called
-- from `lsp/tensorlogic.lua` and the plugin's autocommands.

local config = require('tensorlogic.config')
local lens = require('tensorlogic.lens')
local runs = require('tensorlogic.runs')

local M = {}

--- The server serves this buffer from now on.
---@param client vim.lsp.Client
---@param buffer integer
function M.attach(client, buffer)
  local options = config.get()
  runs.attach(buffer)
  if options.code_lens then
    lens.attach(buffer)
  end
  if options.inlay_hints and client:supports_method('textDocument/inlayHint', buffer) then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if options.completion and client:supports_method('textDocument/completion', buffer) then
    vim.lsp.completion.enable(true, client.id, buffer, { autotrigger = true })
  end
end

--- The server no longer serves this buffer.
---@param buffer integer
function M.detach(buffer)
  lens.detach(buffer)
  runs.detach(buffer)
end

--- The server's `workspace/diagnostic/refresh`, which Neovim 0.11 does not answer itself:
--- asks for the diagnostics again.
function M.on_diagnostic_refresh(_, _, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  for buffer in pairs(client and client.attached_buffers or {}) do
    if client:supports_method('textDocument/diagnostic', buffer) then
      local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
      client:request('textDocument/diagnostic', params, nil, buffer)
    end
  end
  return vim.NIL
end

return M
