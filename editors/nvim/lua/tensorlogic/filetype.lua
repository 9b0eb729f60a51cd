-- Tells a TensorLogic file from a Teal file: both end in `.tl`. The text decides,
-- by what begins its lines, and a file that says nothing is TensorLogic. This module
-- looks at lines and answers with a name; it never opens files or sets an option.

local M = {}

--- How many lines are looked at; the answer is clear long before.
M.lines_read = 200

--- What begins or ends a line of TensorLogic and never one of Teal.
local TENSORLOGIC = {
  '^//',
  '^/%*',
  '^main%s*{',
  '^fn%s+[%a_]',
  '^tensor%s+[%a_][%w_]*%s*[:=]',
  '^import%s+"',
  '^let%s+[%a_(]',
  '^struct%s+[%a_][%w_]*%s*{',
  '^impl%s+[%a_]',
  '^entity%s+[%a_]',
  '^embedding%s+[%a_]',
  '^relation%s+[%a_]',
  '^relation_embedding%s+[%a_]',
  '^rule%s+[%a_]',
  '^query%s+[%a_]',
  '^learn%s*{',
  '^test%s+[%a_"].*{$',
  '^bench%s+[%a_"].*{$',
  '^for%s.*{$',
  '^if%s.*{$',
  '^while%s.*{$',
  '^}%s*else%f[^%w_]',
  '%f[%w_]float16%[',
  '%f[%w_]float32%[',
  '%f[%w_]int16%[',
  '%f[%w_]int32%[',
  '%f[%w_]int64%[',
  '%f[%w_]bool%[',
}

--- What begins or ends a line of Teal and never one of TensorLogic.
local TEAL = {
  '^%-%-',
  '^#!',
  '^local%s+[%a_]',
  '^global%s+[%a_]',
  '^function%s*[%a_(]',
  '^record%s+[%a_]',
  '^interface%s+[%a_]',
  '^enum%s+[%a_]',
  '^end%f[^%w_]',
  '^elseif%f[^%w_]',
  '^until%f[^%w_]',
  '^repeat$',
  '^if%s.*%f[%w_]then$',
  '^for%s.*%f[%w_]do$',
  '^while%s.*%f[%w_]do$',
  '%f[%w_]require%s*[("\']',
  '%f[%w_]function%s*%(',
}

---@param line string
---@param patterns string[]
local function matches(line, patterns)
  for _, pattern in ipairs(patterns) do
    if line:find(pattern) then
      return true
    end
  end
  return false
end

--- What ends the comment of several lines that begins on this line and is still open at its end.
---@param line string
---@return string?
local function open_comment(line)
  if line:find('^/%*') and not line:find('*/', 3, true) then
    return '*/'
  end
  if line:find('^%-%-%[%[') and not line:find(']]', 5, true) then
    return ']]'
  end
end

--- Whether these lines, the first ones of a `.tl` file, are TensorLogic or Teal.
---@param lines string[]
---@return 'tensorlogic'|'teal'
function M.of_lines(lines)
  local tensorlogic, teal = 0, 0
  local comment_end ---@type string?
  for index = 1, math.min(#lines, M.lines_read) do
    local line = vim.trim(lines[index])
    if comment_end then
      if line:find(comment_end, 1, true) then
        comment_end = nil
      end
    else
      if matches(line, TENSORLOGIC) then
        tensorlogic = tensorlogic + 1
      elseif matches(line, TEAL) then
        teal = teal + 1
      end
      comment_end = open_comment(line)
    end
  end
  return teal > tensorlogic and 'teal' or 'tensorlogic'
end

--- The filetype of a `.tl` file, for `vim.filetype.add`.
---@param buffer integer?
---@return 'tensorlogic'|'teal'
function M.detect(_, buffer)
  if not buffer then
    return 'tensorlogic'
  end
  return M.of_lines(vim.api.nvim_buf_get_lines(buffer, 0, M.lines_read, false))
end

return M
