-- Follows the runs of the scripts that are open: takes the server's events, keeps what is
-- known of the latest run of each buffer, and has it drawn at a steady rate. It starts and
-- stops runs by asking the server; it never starts a process and never reads the script.

local output = require('tensorlogic.output')
local results = require('tensorlogic.results')
local server = require('tensorlogic.server')
local tell = require('tensorlogic.tell')

local M = {}

-- The screen follows a run this often, however fast it prints.
local FRAME_MS = 40

---@alias tensorlogic.Phase 'idle'|'running'|'done'|'failed'|'stopped'

---@class tensorlogic.Run
---@field buffer integer
---@field uri string
---@field id integer the server's number of the run, 0 before the first
---@field phase tensorlogic.Phase
---@field loading? string how far a file is read
---@field tokens integer
---@field seconds? number
---@field samples { at: number, tokens: integer }[] two moments, for the rate
---@field problems string[] what the run has failed with
---@field notice? string the latest remark
---@field results tensorlogic.Results
---@field output? tensorlogic.Output
---@field fresh table<integer, table> places that have printed since the last frame
---@field text { text: string, highlight: string? }[] printed since the last frame
---@field timer uv.uv_timer_t
---@field waiting boolean a frame is due

local runs = {} ---@type table<integer, tensorlogic.Run>

--- What is known of the latest run of a buffer.
---@param buffer integer
---@return tensorlogic.Run?
function M.of(buffer)
  return runs[buffer]
end

-- A buffer may have got another name since it was attached.
---@param uri string
---@return tensorlogic.Run?
local function by_uri(uri)
  for _, run in pairs(runs) do
    if run.uri == uri then
      return run
    end
  end
  for buffer, run in pairs(runs) do
    run.uri = vim.uri_from_bufnr(buffer)
    if run.uri == uri then
      return run
    end
  end
end

---@param run tensorlogic.Run
---@param id integer
local function begin(run, id)
  results.clear(run.buffer)
  run.id, run.phase, run.loading, run.tokens, run.seconds = id, 'running', nil, 0, nil
  run.samples, run.problems, run.notice, run.fresh, run.text = {}, {}, nil, {}, {}
  run.results = results.new(run.buffer)
  run.output = output.new(run.buffer)
end

-- Draws what has come since the last frame.
---@param run tensorlogic.Run
local function frame(run)
  run.waiting = false
  if not vim.api.nvim_buf_is_loaded(run.buffer) then
    return
  end
  local client = server.client(run.buffer)
  local encoding = client and client.offset_encoding or 'utf-16'
  for place, event in pairs(run.fresh) do
    results.show(run.results, place, event.shown, event.range, encoding)
  end
  for _, part in ipairs(run.text) do
    output.write(run.output, part.text, part.highlight)
  end
  run.fresh, run.text = {}, {}
  vim.cmd.redrawstatus({ bang = true })
end

---@param run tensorlogic.Run
local function frame_soon(run)
  if run.waiting then
    return
  end
  run.waiting = true
  run.timer:start(FRAME_MS, 0, vim.schedule_wrap(function()
    if runs[run.buffer] == run and run.waiting then
      frame(run)
    end
  end))
end

---@param run tensorlogic.Run
---@param text string
---@param highlight string?
local function printed(run, text, highlight)
  local last = run.text[#run.text]
  if last and last.highlight == highlight and #last.text < 4096 then
    last.text = last.text .. text
  else
    table.insert(run.text, { text = text, highlight = highlight })
  end
end

--- One line about a problem: `chat.tl:32: there is no file …`.
---@param problem table a diagnostic of the server
---@return string
local function line_of(problem)
  local place = vim.fs.basename(problem.path or '')
  if problem.range then
    place = place .. ':' .. (problem.range.start.line + 1)
  end
  return (place ~= '' and place .. ': ' or '') .. problem.message
end

-- What `finished` says at the end of the output, and whether a person is told about it.
---@param run tensorlogic.Run
---@param event table
local function finished(run, event)
  local ending = event.ending
  run.seconds, run.tokens = event.seconds or 0, event.tokens or run.tokens
  run.loading = nil
  local tail = (' after %.1f s'):format(run.seconds)
  if run.tokens > 0 then
    tail = (', %d tokens in %.1f s'):format(run.tokens, run.seconds)
  end
  if ending == 'finished' or (ending == 'exited' and event.code == 0) then
    run.phase = 'done'
    output.note(run.output, 'finished' .. tail)
  elseif ending == 'stopped' or ending == 'cancelled' then
    run.phase = 'stopped'
    output.note(run.output, 'stopped' .. tail)
  elseif ending == 'exited' then
    run.phase = 'failed'
    output.note(run.output, ('exited with code %d%s'):format(event.code or 1, tail))
  else
    run.phase = 'failed'
    local message = event.message or run.problems[1] or run.notice or ('the run ended with code %s'):format(event.code)
    if #run.problems > 1 then
      message = ('%s, and %d more'):format(message, #run.problems - 1)
    end
    if event.message then
      output.note(run.output, message, 'TensorLogicError')
    end
    output.note(run.output, (ending == 'refused' and 'not started' or 'failed') .. tail)
    tell.briefly(message, vim.log.levels.ERROR)
  end
end

---@type table<string, fun(run: tensorlogic.Run, event: table)>
local on = {}

function on.output(run, event)
  printed(run, event.text)
  if event.place and event.shown then
    run.fresh[event.place] = event
  end
end

function on.errorOutput(run, event)
  printed(run, event.text, 'TensorLogicError')
  if event.place and event.shown then
    run.fresh[event.place] = event
  end
end

function on.loading(run, event)
  run.loading = nil
  if event.total and event.total > 0 and event.done < event.total then
    run.loading = ('%s %d %%'):format(vim.fs.basename(event.path), math.floor(100 * event.done / event.total))
  end
end

function on.sampled(run, event)
  run.tokens, run.loading = event.count, nil
  local now, first, second = vim.uv.now(), run.samples[1], run.samples[2]
  if not first then
    run.samples[1] = { at = now, tokens = event.count }
  elseif not second then
    run.samples[2] = { at = now, tokens = event.count }
  elseif now - second.at > 1000 then
    run.samples = { second, { at = now, tokens = event.count } }
  end
end

function on.notice(run, event)
  frame(run)
  run.notice = event.text
  output.note(run.output, event.text)
end

function on.problem(run, event)
  frame(run)
  table.insert(run.problems, line_of(event.problem))
  output.note(run.output, run.problems[#run.problems], 'TensorLogicError')
end

function on.failed(run, event)
  on.problem(run, event)
  for _, help in ipairs(event.problem.helps or {}) do
    output.note(run.output, 'help: ' .. help)
  end
  for _, call in ipairs(event.calls or {}) do
    local line = call.range and (':' .. call.range.start.line + 1) or ''
    output.note(run.output, ('  in `%s` at %s%s'):format(call['function'], vim.fs.basename(call.path or ''), line))
  end
end

function on.finished(run, event)
  frame(run)
  finished(run, event)
  vim.cmd.redrawstatus({ bang = true })
end

--- The server's notification `tensorlogic/event`.
---@param event table
function M.on_event(_, event)
  local run = by_uri(event.uri)
  if not run or event.runId < run.id then
    return
  end
  if event.runId > run.id then
    begin(run, event.runId)
  end
  if on[event.event] then
    on[event.event](run, event)
  end
  frame_soon(run)
end

---@param command string
---@param buffer integer
---@param answered fun(result: table)
local function execute(command, buffer, answered)
  local client = server.client(buffer)
  if not client then
    return tell.now('no server serves this buffer: see `:checkhealth tensorlogic`', vim.log.levels.WARN)
  end
  local params = { command = command, arguments = { { uri = vim.uri_from_bufnr(buffer), target = 'main' } } }
  client:request('workspace/executeCommand', params, function(problem, result)
    if problem then
      return tell.now(problem.message, vim.log.levels.ERROR)
    end
    answered(type(result) == 'table' and result or {})
  end, buffer)
end

--- Runs the script of a buffer, its text as it is now.
---@param buffer integer
function M.run(buffer)
  execute('tensorlogic.run', buffer, function() end)
end

--- Stops the run of a buffer.
---@param buffer integer
function M.stop(buffer)
  execute('tensorlogic.stop', buffer, function(result)
    if result.stopped == false then
      tell.now('nothing runs')
    end
  end)
end

--- Runs the script of a buffer, or stops it where it runs.
---@param buffer integer
function M.toggle(buffer)
  local run = runs[buffer]
  if run and run.phase == 'running' then
    M.stop(buffer)
  else
    M.run(buffer)
  end
end

-- Tokens in a second over the last one or two seconds.
---@param run tensorlogic.Run
---@return number?
local function rate(run)
  local first = run.samples[1]
  local elapsed = first and vim.uv.now() - first.at or 0
  if elapsed < 200 then
    return nil
  end
  return (run.tokens - first.tokens) * 1000 / elapsed
end

--- The latest run of a buffer in a few words for the status line; empty without one.
---@param buffer integer
---@return string
function M.status(buffer)
  local run = runs[buffer]
  if not run or run.phase == 'idle' then
    return ''
  end
  local words = { run.phase }
  if run.loading then
    words = { 'loading', run.loading }
  elseif run.tokens > 0 then
    table.insert(words, run.tokens .. (run.tokens == 1 and ' token' or ' tokens'))
  end
  if run.phase == 'running' then
    local speed = run.tokens > 0 and rate(run)
    if speed then
      table.insert(words, (speed < 10 and '%.1f/s' or '%.0f/s'):format(speed))
    end
  elseif run.seconds then
    table.insert(words, ('%.1f s'):format(run.seconds))
  end
  return table.concat(words, ' ')
end

--- Removes what is shown of the latest run; its text stays in the output.
---@param buffer integer
function M.clear(buffer)
  results.clear(buffer)
  local run = runs[buffer]
  if run then
    run.fresh = {}
    run.results = results.new(buffer)
    if run.phase ~= 'running' then
      run.phase = 'idle'
      vim.cmd.redrawstatus({ bang = true })
    end
  end
end

--- Follows the runs of a buffer from now on.
---@param buffer integer
function M.attach(buffer)
  if runs[buffer] then
    runs[buffer].uri = vim.uri_from_bufnr(buffer)
    return
  end
  local run = {
    buffer = buffer,
    uri = vim.uri_from_bufnr(buffer),
    id = 0,
    phase = 'idle',
    tokens = 0,
    samples = {},
    problems = {},
    results = results.new(buffer),
    fresh = {},
    text = {},
    timer = assert(vim.uv.new_timer()),
    waiting = false,
  }
  runs[buffer] = run
  vim.api.nvim_buf_attach(buffer, false, {
    on_lines = function()
      if runs[buffer] ~= run then
        return true
      end
      results.edited(run.results)
    end,
    on_reload = function()
      results.clear(buffer)
      run.results = results.new(buffer)
    end,
    on_detach = function()
      -- Later, when the buffer is gone or, after `:edit`, is served anew.
      vim.schedule(function()
        if runs[buffer] == run then
          M.detach(buffer)
        end
      end)
    end,
  })
end

--- Forgets the runs of a buffer that is closed or has lost its server.
---@param buffer integer
function M.detach(buffer)
  local run = runs[buffer]
  if not run then
    return
  end
  runs[buffer] = nil
  run.timer:close()
  results.clear(buffer)
  -- Later: a buffer that is being wiped out still counts as valid.
  vim.schedule(function()
    if run.output and not vim.api.nvim_buf_is_valid(buffer) then
      output.drop(run.output)
    end
  end)
end

return M
