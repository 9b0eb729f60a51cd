-- Draws what a run prints at the end of the lines that print it. Each place is one extmark
-- over the last line of the printing call, updated by its id: it follows edits and goes with
-- its text.
-- This module draws; what happens in a run stands in `runs.lua`.

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('tensorlogic.results')

-- The server's place counts again once the text has rested this long: until then, edits may
-- be on their way to it, and the extmark knows better.
local SETTLED_MS = 400

-- A result has at least this many columns, in however narrow a window.
local SMALLEST_ROOM = 24

---@class tensorlogic.Place
---@field mark? integer id of the extmark, absent while the text is gone
---@field shown string

---@class tensorlogic.Results
---@field buffer integer
---@field places table<integer, tensorlogic.Place> by the number of the call in the run
---@field stale boolean the text was edited after the run had started
---@field edited_at number? when, in milliseconds

--- Results of one run, none yet.
---@param buffer integer
---@return tensorlogic.Results
function M.new(buffer)
  return { buffer = buffer, places = {}, stale = false }
end

---@param results tensorlogic.Results
---@param position lsp.Position
---@param encoding string
---@return integer row
---@return integer column in bytes
local function to_buffer(results, position, encoding)
  local row = math.min(position.line, vim.api.nvim_buf_line_count(results.buffer) - 1)
  local line = vim.api.nvim_buf_get_lines(results.buffer, row, row + 1, false)[1] or ''
  return row, vim.str_byteindex(line, encoding, position.character, false)
end

-- The newest part of a text that has room behind its line in the window; the beginning is
-- in the output buffer.
---@param buffer integer
---@param row integer
---@param text string
---@return string
local function fitting(buffer, row, text)
  local window = vim.fn.win_findbuf(buffer)[1]
  if not window then
    return text
  end
  local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1] or ''
  local info = vim.fn.getwininfo(window)[1]
  local room = math.max(SMALLEST_ROOM, info.width - info.textoff - vim.fn.strdisplaywidth(line) - 4)
  if vim.fn.strdisplaywidth(text) <= room then
    return text
  end
  local skipped = vim.fn.strchars(text) - room + 1
  local tail = vim.fn.strcharpart(text, skipped)
  while vim.fn.strdisplaywidth(tail) >= room do
    tail = vim.fn.strcharpart(tail, 1)
  end
  -- At the beginning of a word, if one is near.
  return '…' .. tail:gsub('^%S?%S?%S?%S?%S?%S?%S?%S?%s+', '')
end

---@param results tensorlogic.Results
---@param place tensorlogic.Place
---@param range integer[] row, column, end row, end column
local function draw(results, place, range)
  local result, arrow = 'TensorLogicResult', 'TensorLogicArrow'
  if results.stale then
    result, arrow = 'TensorLogicStale', 'TensorLogicStale'
  end
  place.mark = vim.api.nvim_buf_set_extmark(results.buffer, NAMESPACE, range[1], range[2], {
    id = place.mark,
    end_row = range[3],
    end_col = range[4],
    virt_text = { { '⇒ ', arrow }, { fitting(results.buffer, range[3], place.shown), result } },
    virt_text_pos = 'eol',
    hl_mode = 'combine',
    invalidate = true,
    strict = false,
  })
end

-- Where the extmark of a place stands now; nothing once its text is gone.
---@param results tensorlogic.Results
---@param place tensorlogic.Place
---@return integer[]?
local function standing(results, place)
  if not place.mark then
    return nil
  end
  local mark = vim.api.nvim_buf_get_extmark_by_id(results.buffer, NAMESPACE, place.mark, { details = true })
  if not mark[1] or mark[3].invalid then
    return nil
  end
  return { mark[1], mark[2], mark[3].end_row or mark[1], mark[3].end_col or mark[2] }
end

---@param results tensorlogic.Results
---@param place tensorlogic.Place
local function erase(results, place)
  if place.mark then
    vim.api.nvim_buf_del_extmark(results.buffer, NAMESPACE, place.mark)
    place.mark = nil
  end
end

--- Takes over what a call has printed so far. `range` is where the server sees the call now.
---@param results tensorlogic.Results
---@param number integer
---@param shown string
---@param range lsp.Range?
---@param encoding string
function M.show(results, number, shown, range, encoding)
  local place = results.places[number] or { shown = shown }
  results.places[number] = place
  place.shown = vim.trim(shown:gsub('%c', ' '))
  local settled = not results.edited_at or vim.uv.now() - results.edited_at > SETTLED_MS
  if place.shown == '' or (not range and settled) then
    return erase(results, place)
  elseif not range then
    return
  end
  local current = standing(results, place)
  if current and not settled then
    return draw(results, place, current)
  end
  local row, end_column = to_buffer(results, range['end'], encoding)
  local column = 0
  if range.start.line == range['end'].line then
    _, column = to_buffer(results, range.start, encoding)
  end
  draw(results, place, { row, column, row, end_column })
end

--- The text was edited: what is shown is from before, and is dimmed.
---@param results tensorlogic.Results
function M.edited(results)
  results.edited_at = vim.uv.now()
  if results.stale then
    return
  end
  results.stale = true
  -- Later, because extmarks may not have followed this edit yet.
  vim.schedule(function()
    for _, place in pairs(results.places) do
      local current = vim.api.nvim_buf_is_loaded(results.buffer) and standing(results, place)
      if current then
        draw(results, place, current)
      end
    end
  end)
end

--- Removes everything that is shown in a buffer.
---@param buffer integer
function M.clear(buffer)
  if vim.api.nvim_buf_is_valid(buffer) then
    vim.api.nvim_buf_clear_namespace(buffer, NAMESPACE, 0, -1)
  end
end

return M
