-- What a person's configuration may call; everything else is private to the plugin.
-- The plugin works without any call: see `plugin/tensorlogic.lua`.

local M = {}

---@param buffer integer?
---@return integer
local function here(buffer)
  return (buffer and buffer ~= 0) and buffer or vim.api.nvim_get_current_buf()
end

--- Sets options; the same as writing them into `vim.g.tensorlogic`.
---@param options tensorlogic.Options?
function M.setup(options)
  require('tensorlogic.config').set(options)
  vim.lsp.enable('tensorlogic', require('tensorlogic.config').get().lsp)
end

--- The latest run in a few words for the status line: `running 34 tokens 12/s`.
---@param buffer integer?
---@return string
function M.status(buffer)
  return require('tensorlogic.runs').status(here(buffer))
end

--- Runs `main`.
---@param buffer integer?
function M.run(buffer)
  require('tensorlogic.runs').run(here(buffer))
end

--- Stops what runs.
---@param buffer integer?
function M.stop(buffer)
  require('tensorlogic.runs').stop(here(buffer))
end

--- Runs `main`, or stops it where it runs.
---@param buffer integer?
function M.toggle(buffer)
  require('tensorlogic.runs').toggle(here(buffer))
end

--- Removes what is shown of the latest run.
---@param buffer integer?
function M.clear(buffer)
  require('tensorlogic.runs').clear(here(buffer))
end

--- Opens the full text of the latest run.
---@param buffer integer?
function M.output(buffer)
  buffer = here(buffer)
  if vim.bo[buffer].filetype ~= 'tensorlogic' then
    return require('tensorlogic.tell').now('this is no TensorLogic script', vim.log.levels.WARN)
  end
  require('tensorlogic.output').open(buffer)
end

return M
