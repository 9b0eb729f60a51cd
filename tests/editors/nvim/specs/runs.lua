-- Runs as a person sees them: tokens at the end of the line that prints them, while the run
-- goes on; Stop; the output; edits in the meantime.

local t = ...

local tensorlogic = require('tensorlogic')
local CHAT = t.work .. '/examples/chat.tl'

-- A script that counts until it is stopped, with some work between two numbers.
local function counting()
  return t.file('examples/counting.tl', {
    '// Counts without an end.',
    'main {',
    '    let a = ones([400, 400])',
    '    let count = 0',
    '    while true {',
    '        let b = matmul(a, a)',
    '        count = count + 1',
    '        write(str(count) + " ")',
    '    }',
    '}',
  })
end

-- Opens a script and starts it through its lens, as a person does.
---@param path string
---@return integer buffer
---@return vim.lsp.Client client
local function run_lens(path)
  local buffer, client = t.open(path)
  local row = t.wait('the lens', function()
    return t.lens(buffer, '▶ Run')
  end)
  vim.api.nvim_win_set_cursor(0, { row + 1, 0 })
  vim.lsp.codelens.run()
  return buffer, client
end

t.test('the lens runs chat.tl: tokens arrive step by step at the end of their line, then it is done', function()
  local buffer = run_lens(CHAT)
  local seen, during = {}, 0
  t.wait('the end of the run', function()
    local row = t.row_of(buffer, '        write(decode_stream')
    for _, piece in ipairs(t.results(buffer)) do
      if piece.row == row and not seen[piece.text] then
        seen[piece.text] = true
        during = during + (tensorlogic.status(buffer):find('^running') and 1 or 0)
      end
    end
    return tensorlogic.status(buffer):find('^done')
  end)
  t.holds(during >= 5, ('at least 5 different texts while the run went on, found %d'):format(during))
  t.holds(tensorlogic.status(buffer):find('^done %d+ tokens %d+%.%d s$'), tensorlogic.status(buffer))
  t.equal(#t.results(buffer), 2, 'results: the prompt and the story')
  t.contains(t.output(), 'Once upon a time')
  t.contains(t.output(), 'So they all ate together. After that, Zoe had a new friend.')
  t.holds(t.output():find('finished, %d+ tokens in %d+%.%d s'), 'the output says how it ended')
  t.equal(t.notices, {}, 'messages')
  t.equal(vim.diagnostic.get(buffer), {}, 'diagnostics')
end)

t.test('Stop ends a run through the same lens; what it printed stays, and no worker is left', function()
  local buffer = run_lens(counting())
  t.wait('numbers', function()
    return t.result(buffer)
  end)
  t.equal(#t.workers(), 1, 'workers while it runs')
  local row = t.wait('the lens', function()
    return t.lens(buffer, '■ Stop')
  end)
  t.equal(row, t.row_of(buffer, 'main {'))
  vim.api.nvim_win_set_cursor(0, { row + 1, 0 })
  vim.lsp.codelens.run()
  t.wait('the end', function()
    return tensorlogic.status(buffer):find('^stopped')
  end, 2000)
  t.wait('the worker to go', function()
    return #t.workers() == 0
  end, 2000)
  t.wait('the lens to offer a run', function()
    return t.lens(buffer, '▶ Run')
  end)
  t.holds(t.result(buffer), 'the numbers are still there')
  t.equal(t.notices, {}, 'messages')
end)

t.test(':TensorLogicRun and :TensorLogicStop do the same, from any line', function()
  local buffer = t.open(counting())
  vim.cmd.TensorLogicRun()
  t.wait('numbers', function()
    return t.result(buffer)
  end)
  vim.cmd.TensorLogicStop()
  t.wait('the end', function()
    return tensorlogic.status(buffer):find('^stopped')
  end, 2000)
  vim.cmd.TensorLogicStop()
  t.wait('the answer', function()
    return t.said():find('nothing runs')
  end)
end)

t.test('grx starts and stops', function()
  local buffer = t.open(counting())
  vim.api.nvim_feedkeys('grx', 'xt', false)
  t.wait('numbers', function()
    return t.result(buffer)
  end)
  vim.api.nvim_feedkeys('grx', 'xt', false)
  t.wait('the end', function()
    return tensorlogic.status(buffer):find('^stopped')
  end, 2000)
end)

t.test('a second run takes the place of the first, also on the screen', function()
  local buffer = t.open(counting())
  vim.cmd.TensorLogicRun()
  t.wait('numbers', function()
    return t.result(buffer)
  end)
  vim.cmd.TensorLogicRun()
  t.wait('the numbers to begin anew', function()
    return t.output():find('^1 2 3 ')
  end)
  t.wait('one worker', function()
    return #t.workers() == 1
  end, 2000)
  t.equal(#t.results(buffer), 1, 'results')
  vim.cmd.TensorLogicStop()
  t.wait('the end', function()
    return tensorlogic.status(buffer):find('^stopped')
  end, 2000)
end)

t.test('a run uses the text as it is in the buffer, saved or not', function()
  local buffer = t.open(t.file('examples/as it is – é [1].tl', { 'main {', '    print("saved")', '}' }))
  vim.api.nvim_buf_set_lines(buffer, 1, 2, false, { '    print("as it is: é 🦙")' })
  vim.cmd.TensorLogicRun()
  local result = t.wait('the text', function()
    return tensorlogic.status(buffer):find('^done') and t.result(buffer)
  end)
  t.equal(result.text, '⇒ as it is: é 🦙')
  t.equal(result.row, 1)
end)

t.test('after an edit a result is dimmed; :TensorLogicClear removes it', function()
  local buffer = t.open(t.file('examples/one.tl', { 'main {', '    print("one")', '}' }))
  vim.cmd.TensorLogicRun()
  t.wait('the result', function()
    return tensorlogic.status(buffer):find('^done') and t.result(buffer)
  end)
  t.equal(t.result(buffer).highlight, 'TensorLogicResult')
  vim.api.nvim_buf_set_lines(buffer, 0, 0, false, { '// above' })
  t.wait('it to be dimmed', function()
    return t.result(buffer).highlight == 'TensorLogicStale'
  end)
  t.equal(t.result(buffer).row, 2, 'its row')
  vim.cmd.TensorLogicClear()
  t.equal(#t.results(buffer), 0)
  t.equal(tensorlogic.status(buffer), '')
end)

t.test('reading the file again removes the result; a file under a new name shows its own', function()
  local path = t.file('examples/again.tl', { 'main {', '    print("one")', '}' })
  local buffer = t.open(path)
  vim.cmd.TensorLogicRun()
  t.wait('the result', function()
    return tensorlogic.status(buffer):find('^done') and t.result(buffer)
  end)
  vim.cmd('edit!')
  t.equal(#t.results(buffer), 0, 'results after reading again')
  t.client(buffer)
  vim.cmd('silent saveas! ' .. t.work .. '/examples/renamed.tl')
  vim.cmd.TensorLogicRun()
  t.wait('the result', function()
    return t.result(buffer)
  end)
end)

t.test('a result goes with its line', function()
  local buffer = t.open(t.file('examples/two.tl', { 'main {', '    print("one")', '    print("two")', '}' }))
  vim.cmd.TensorLogicRun()
  t.wait('both results', function()
    return tensorlogic.status(buffer):find('^done') and #t.results(buffer) == 2
  end)
  vim.cmd('2delete')
  t.equal(#t.results(buffer), 1)
  t.equal(t.results(buffer)[1].text, '⇒ two')
  t.equal(t.results(buffer)[1].row, 1)
end)

t.test('the text of a call over several lines stands behind its last line', function()
  local buffer = t.open(t.file('examples/call.tl', { 'main {', '    print(', '        "one",', '    )', '}' }))
  vim.cmd.TensorLogicRun()
  local result = t.wait('the result', function()
    return tensorlogic.status(buffer):find('^done') and t.result(buffer)
  end)
  t.equal(result.row, 3)
end)

t.test('a flood of output neither holds the editor up nor fills its memory', function()
  vim.g.tensorlogic = { server = vim.env.TL_LSP, output_lines = 1000 }
  local buffer = t.open(t.file('examples/flood.tl', {
    'main {',
    '    let i = 0',
    '    while true {',
    '        print(i)',
    '        i = i + 1',
    '    }',
    '}',
  }))
  vim.cmd.TensorLogicRun()
  t.wait('more lines than are kept', function()
    return t.output():find('lines are left out')
  end)
  local began, slowest = vim.uv.hrtime(), 0
  local last = began
  vim.wait(500, function()
    local now = vim.uv.hrtime()
    slowest, last = math.max(slowest, now - last), now
    return false
  end, 1)
  vim.cmd.TensorLogicStop()
  t.wait('the end', function()
    return tensorlogic.status(buffer):find('^stopped')
  end, 3000)
  local lines = vim.split(t.output(), '\n')
  t.equal(lines[1], '0', 'the beginning is kept')
  t.holds(#lines <= 1110, ('%d lines are kept'):format(#lines))
  t.holds(slowest < 300e6, ('the editor paused for %.0f ms at most'):format(slowest / 1e6))
end)

t.test('200 quick edits during a run: the result follows its line, and the server knows the text', function()
  local buffer, client = t.open(counting())
  vim.cmd.TensorLogicRun()
  t.wait('numbers', function()
    return t.result(buffer)
  end)
  for edit = 1, 200 do
    local kind = edit % 4
    local count = vim.api.nvim_buf_line_count(buffer)
    if kind == 0 then
      vim.api.nvim_buf_set_lines(buffer, 0, 0, false, { '// é above 🦙 ' .. edit })
    elseif kind == 1 then
      vim.api.nvim_buf_set_lines(buffer, count, count, false, { '// below ' .. edit })
    elseif kind == 2 then
      vim.api.nvim_buf_set_text(buffer, t.row_of(buffer, 'let count'), 4, t.row_of(buffer, 'let count'), 4, { '/*x*/' })
    else
      local row = t.row_of(buffer, 'write(')
      vim.api.nvim_buf_set_text(buffer, row, 8, row, 8, { '', string.rep(' ', 8) })
    end
    vim.wait(5)
    local results = t.results(buffer)
    t.equal(#results, 1, 'results after edit ' .. edit)
    t.equal(results[1].row, t.row_of(buffer, 'write('), 'row after edit ' .. edit)
  end
  t.equal(t.result(buffer).highlight, 'TensorLogicStale')
  local before = t.result(buffer).text
  t.wait('numbers to go on, on the right line', function()
    local result = t.result(buffer)
    return result.text ~= before and result.row == t.row_of(buffer, 'write(')
  end)
  -- The last edit has a mistake: the server must name it at its place in the final text.
  local row = t.row_of(buffer, 'count = count + 1')
  vim.api.nvim_buf_set_lines(buffer, row, row, false, { '        let wrong = nobody' })
  local found = t.wait('the problem of the final text', function()
    return vim.iter(vim.diagnostic.get(buffer)):find(function(diagnostic)
      return diagnostic.message:find('nobody', 1, true)
    end)
  end)
  t.equal({ found.lnum, found.col }, { row, 20 })
  vim.wait(700)
  t.equal(t.result(buffer).row, t.row_of(buffer, 'write('), 'row at the end')
  vim.cmd.TensorLogicStop()
  t.wait('the end', function()
    return tensorlogic.status(buffer):find('^stopped')
  end, 2000)
  t.alive(client, buffer)
end)

t.test('the output opens below and follows the text; the cursor elsewhere is left alone', function()
  local buffer = t.open(counting())
  vim.cmd.TensorLogicRun()
  t.wait('numbers', function()
    return t.result(buffer)
  end)
  tensorlogic.output(buffer)
  t.holds(vim.startswith(vim.api.nvim_buf_get_name(0), 'tensorlogic://output/'), 'the window shows the output')
  t.holds(not vim.bo.modifiable, 'it cannot be edited')
  local count = #vim.api.nvim_get_current_line()
  t.wait('more text', function()
    return #vim.api.nvim_get_current_line() > count
  end)
  tensorlogic.stop(buffer)
  t.wait('the end', function()
    return t.output():find('stopped')
  end, 2000)
end)

t.test('closing the script stops its run and takes the results along', function()
  local buffer = t.open(counting())
  vim.cmd.TensorLogicRun()
  t.wait('numbers', function()
    return t.result(buffer)
  end)
  vim.cmd('bwipeout!')
  t.wait('the worker to go', function()
    return #t.workers() == 0
  end, 3000)
  t.wait('the output to go', function()
    return t.output() == ''
  end, 1000)
end)
