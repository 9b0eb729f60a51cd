-- The full text of a run in a scratch buffer, one for each script. The beginning and the
-- newest lines are kept; what lies between goes when a run prints more than the option
-- `output_lines`. Nothing here opens a window unless a person asks for it.

local config = require('tensorlogic.config')

local M = {}

-- A line longer than this is continued on the next: drawing it would hold the editor up.
local LONGEST_LINE = 8192

local NAMESPACE = vim.api.nvim_create_namespace('tensorlogic.output')

---@class tensorlogic.Output
---@field buffer integer the scratch buffer
---@field left_out integer lines that are no longer kept
---@field open boolean the last line goes on

---@param script integer
---@return string
local function name_of(script)
  return 'tensorlogic://output/' .. vim.api.nvim_buf_get_name(script)
end

-- The scratch buffer of a script; one that an earlier visit left behind is used again.
---@param script integer
---@return integer
local function scratch(script)
  local name = name_of(script)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(buffer) == name and vim.api.nvim_buf_is_loaded(buffer) then
      return buffer
    end
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, name)
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].bufhidden = 'hide'
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].undolevels = -1
  vim.bo[buffer].modifiable = false
  return buffer
end

---@param buffer integer
---@param change fun()
local function changing(buffer, change)
  vim.bo[buffer].modifiable = true
  change()
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
end

--- An empty output for a new run of a script.
---@param script integer
---@return tensorlogic.Output
function M.new(script)
  local output = { buffer = scratch(script), left_out = 0, open = true }
  changing(output.buffer, function()
    vim.api.nvim_buf_set_lines(output.buffer, 0, -1, false, {})
  end)
  vim.api.nvim_buf_clear_namespace(output.buffer, NAMESPACE, 0, -1)
  return output
end

-- Windows that stand on the last line follow the text.
---@param buffer integer
---@param change fun()
local function following(buffer, change)
  local followers = {}
  local last = vim.api.nvim_buf_line_count(buffer)
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    if vim.api.nvim_win_get_cursor(window)[1] >= last then
      table.insert(followers, window)
    end
  end
  change()
  for _, window in ipairs(followers) do
    pcall(vim.api.nvim_win_set_cursor, window, { vim.api.nvim_buf_line_count(buffer), 0 })
  end
end

---@param output tensorlogic.Output
local function bound(output)
  local most = math.max(config.get().output_lines, 10)
  local count = vim.api.nvim_buf_line_count(output.buffer)
  if count <= most + math.floor(most / 10) then
    return
  end
  -- The first half stays, then one line tells what is missing, then the newest lines.
  local head = math.floor(most / 2)
  local first = head + (output.left_out > 0 and 1 or 0)
  local surplus = count - most
  output.left_out = output.left_out + surplus
  local note = ('… %d lines are left out …'):format(output.left_out)
  vim.api.nvim_buf_set_lines(output.buffer, head, first + surplus, false, { note })
end

---@param text string
---@return string[]
local function lines_of(text)
  local lines = {}
  for _, line in ipairs(vim.split(text, '\r?\n')) do
    while #line > LONGEST_LINE do
      local cut = LONGEST_LINE + vim.str_utf_start(line, LONGEST_LINE + 1)
      table.insert(lines, line:sub(1, cut))
      line = line:sub(cut + 1)
    end
    table.insert(lines, (line:gsub('%z', '␀')))
  end
  return lines
end

--- Adds text at the end, where the last text stopped.
---@param output tensorlogic.Output
---@param text string
---@param highlight string?
function M.write(output, text, highlight)
  local buffer = output.buffer
  if text == '' or not vim.api.nvim_buf_is_loaded(buffer) then
    return
  end
  following(buffer, function()
    changing(buffer, function()
      local row = vim.api.nvim_buf_line_count(buffer) - 1
      local column = #vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]
      local lines = lines_of(text)
      if column + #lines[1] > LONGEST_LINE then
        table.insert(lines, 1, '')
      end
      vim.api.nvim_buf_set_text(buffer, row, column, row, column, lines)
      if highlight then
        local last = row + #lines - 1
        local end_column = #vim.api.nvim_buf_get_lines(buffer, last, last + 1, false)[1]
        vim.api.nvim_buf_set_extmark(buffer, NAMESPACE, row, column, {
          end_row = last,
          end_col = end_column,
          hl_group = highlight,
        })
      end
      bound(output)
    end)
  end)
end

--- Adds a line of the plugin's own, after what the run has printed.
---@param output tensorlogic.Output
---@param line string
---@param highlight string?
function M.note(output, line, highlight)
  if not vim.api.nvim_buf_is_loaded(output.buffer) then
    return
  end
  local last = vim.api.nvim_buf_get_lines(output.buffer, -2, -1, false)[1]
  if last ~= '' then
    M.write(output, '\n')
  end
  M.write(output, line, highlight or 'TensorLogicNote')
  M.write(output, '\n')
end

--- Shows the output of a script in a window below, or goes to the window that has it.
---@param script integer
function M.open(script)
  local buffer = scratch(script)
  local window = vim.fn.win_findbuf(buffer)[1]
  if window and vim.api.nvim_win_get_tabpage(window) == vim.api.nvim_get_current_tabpage() then
    vim.api.nvim_set_current_win(window)
    return
  end
  vim.cmd('botright split')
  vim.api.nvim_win_set_buf(0, buffer)
  vim.api.nvim_win_set_height(0, math.max(6, math.floor(vim.o.lines / 4)))
  local window_options = vim.wo[0][0]
  window_options.wrap, window_options.linebreak = true, true
  window_options.number, window_options.relativenumber = false, false
  local name = vim.fs.basename(vim.api.nvim_buf_get_name(script)):gsub('%%', '%%%%')
  local status = ("%%{v:lua.require'tensorlogic'.status(%d)}"):format(script)
  window_options.statusline = ('Output of %s %%=%s '):format(name, status)
  vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(buffer), 0 })
end

--- Forgets the output of a script.
---@param output tensorlogic.Output
function M.drop(output)
  if vim.api.nvim_buf_is_valid(output.buffer) then
    vim.api.nvim_buf_delete(output.buffer, { force = true })
  end
end

return M
