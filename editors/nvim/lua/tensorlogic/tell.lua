-- The one way in which the plugin speaks to a person: a line through `vim.notify`,
-- with the name in front.

local M = {}

local told = {} ---@type table<string, true>

--- Shows a line.
---@param message string
---@param level integer? one of `vim.log.levels`
function M.now(message, level)
  vim.notify('TensorLogic: ' .. message:gsub('%s*\n%s*', ' '), level or vim.log.levels.INFO)
end

--- Shows a line, cut to the width of the message area: a longer one would ask for a key.
--- For what can be read in full elsewhere.
---@param message string
---@param level integer?
function M.briefly(message, level)
  local room = vim.v.echospace - #'TensorLogic: '
  if vim.fn.strdisplaywidth(message) > room then
    message = vim.fn.strcharpart(message, 0, math.max(room - 1, 20)) .. '…'
  end
  M.now(message, level)
end

--- Shows a line, the first time only.
---@param message string
---@param level integer?
function M.once(message, level)
  if not told[message] then
    told[message] = true
    M.now(message, level)
  end
end

return M
