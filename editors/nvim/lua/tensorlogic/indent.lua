-- Indents a line by the brackets of the line above it. It reads text only, so it works
-- without a parser; strings and comments do not count.

local M = {}

-- A line without its strings and comments.
---@param line string
---@return string
local function code_of(line)
  line = line:gsub('\\.', ''):gsub('"[^"]*"', ''):gsub('/%*.-%*/', '')
  return (line:gsub('//.*$', ''):gsub('/%*.*$', ''))
end

-- How many brackets a line leaves open, closing ones at its beginning not counted.
---@param line string
---@return integer
local function opened(line)
  local code = code_of(line):gsub('^[%s%]%)}]+', '')
  local depth = 0
  for bracket in code:gmatch('[%[%](){}]') do
    depth = depth + (bracket:find('[%[({]') and 1 or -1)
  end
  return depth
end

--- The indentation, in columns, of a line that follows `above`, which is indented by `indent`.
---@param above string the last line before it that is not blank
---@param line string
---@param indent integer
---@param width integer
---@return integer
function M.of(above, line, indent, width)
  local levels = math.max(-1, math.min(1, opened(above)))
  if line:find('^%s*[%]%)}]') then
    levels = levels - 1
  end
  return math.max(0, indent + levels * width)
end

--- For 'indentexpr'.
---@return integer
function M.expression()
  local number = vim.v.lnum
  local above = vim.fn.prevnonblank(number - 1)
  if above == 0 then
    return 0
  end
  return M.of(vim.fn.getline(above), vim.fn.getline(number), vim.fn.indent(above), vim.fn.shiftwidth())
end

return M
