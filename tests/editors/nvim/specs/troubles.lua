-- What goes wrong goes wrong clearly: the message says what and where, the server answers
-- on, and no process is left.

local t = ...

local tensorlogic = require('tensorlogic')

-- The diagnostic whose message contains `part`.
---@param buffer integer
---@param part string
---@return vim.Diagnostic
local function problem(buffer, part)
  return t.wait('a problem that says `' .. part .. '`', function()
    return vim.iter(vim.diagnostic.get(buffer)):find(function(diagnostic)
      return diagnostic.message:find(part, 1, true)
    end)
  end)
end

t.test('an unterminated string is named at its place, the rest of the script is understood', function()
  local lines = vim.fn.readfile(t.work .. '/examples/chat.tl')
  local buffer, client = t.open(t.file('examples/string.tl', lines))
  local row = t.row_of(buffer, 'let prompt')
  vim.api.nvim_buf_set_lines(buffer, row, row + 1, false, { '    let prompt = arg("prompt", "Once upon a time)' })
  local found = problem(buffer, 'string')
  t.equal(found.lnum, row)
  t.equal(found.severity, vim.diagnostic.severity.ERROR)
  t.alive(client, buffer)
  t.wait('the lens', function()
    return t.lens(buffer, '▶ Run')
  end)
  vim.cmd.TensorLogicRun()
  t.wait('the refusal', function()
    return tensorlogic.status(buffer):find('^failed')
  end)
  t.holds(t.said():find('string%.tl:' .. row + 1), 'the message names the line: ' .. t.said())
  vim.cmd.undo()
  t.wait('the problem to go', function()
    return #vim.diagnostic.get(buffer) == 0
  end)
  t.equal(#t.workers(), 0, 'workers')
end)

t.test('a missing model is a warning in the editor, and a clear failure when the script runs', function()
  local path = t.file('examples/missing.tl', {
    'main {',
    '    let model = load_model("models/nowhere.gguf")',
    '    print(len(model.blk))',
    '}',
  })
  local buffer, client = t.open(path)
  local found = problem(buffer, 'nowhere.gguf')
  t.equal(found.lnum, 1)
  t.equal(found.severity, vim.diagnostic.severity.WARN)
  vim.cmd.TensorLogicRun()
  t.wait('the failure', function()
    return tensorlogic.status(buffer):find('^failed')
  end)
  t.contains(t.said(), 'missing.tl:2')
  t.contains(t.said(), 'nowhere.gguf')
  t.alive(client, buffer)
  t.equal(#t.workers(), 0, 'workers')
end)

t.test('a truncated weight file is a clear message, in the editor and when the script runs', function()
  local whole = assert(io.open(t.root .. '/examples/models/stories-f16.gguf', 'rb'))
  local start = whole:read(6000)
  whole:close()
  vim.fn.mkdir(t.work .. '/examples/broken', 'p')
  local part = assert(io.open(t.work .. '/examples/broken/part.gguf', 'wb'))
  part:write(start)
  part:close()
  local buffer, client = t.open(t.file('examples/truncated.tl', {
    'main {',
    '    let model = load_model("broken/part.gguf")',
    '    for i in range(len(model.blk)) {',
    '        print(shape(model.blk[i].attn_q.weight))',
    '    }',
    '}',
  }))
  t.alive(client, buffer)
  vim.cmd.TensorLogicRun()
  t.wait('the failure', function()
    return tensorlogic.status(buffer):find('^failed')
  end)
  t.contains(t.said(), 'truncated.tl:2')
  t.contains(t.said(), 'part.gguf')
  t.alive(client, buffer)
  t.equal(#t.workers(), 0, 'workers')
  t.contains(t.output(), 'part.gguf')
end)

t.test('a failure while running is told in one line and marked at its place', function()
  local buffer, client = t.open(t.file('examples/failing.tl', {
    'fn half(n: int) -> int {',
    '    assert(n > 0, "n must be positive")',
    '    n / 2',
    '}',
    'main {',
    '    print(half(4))',
    '    print(half(0))',
    '}',
  }))
  vim.cmd.TensorLogicRun()
  t.wait('the failure', function()
    return tensorlogic.status(buffer):find('^failed')
  end)
  t.equal(#t.notices, 1, 'messages')
  t.contains(t.notices[1].text, 'failing.tl:2')
  t.contains(t.notices[1].text, 'n must be positive')
  t.equal(t.notices[1].level, vim.log.levels.ERROR)
  t.holds(not t.notices[1].text:find('\n'), 'it is one line')
  t.equal(t.result(buffer).text, '⇒ 2', 'what it printed before stays')
  local found = problem(buffer, 'n must be positive')
  t.equal(found.lnum, 1)
  t.alive(client, buffer)
end)

t.test('a worker that is killed is a message; the server answers on, and the next run works', function()
  local buffer, client = t.open(t.file('examples/killed.tl', {
    'main {',
    '    let i = 0',
    '    while true {',
    '        i = i + 1',
    '        write(str(i) + " ")',
    '    }',
    '}',
  }))
  vim.cmd.TensorLogicRun()
  t.wait('numbers', function()
    return t.result(buffer)
  end)
  local workers = t.workers()
  t.equal(#workers, 1, 'workers')
  vim.uv.kill(workers[1], 'sigkill')
  t.wait('the failure', function()
    return tensorlogic.status(buffer):find('^failed')
  end, 3000)
  t.contains(t.said(), 'signal 9')
  t.alive(client, buffer)
  t.wait('the lens to offer a run', function()
    return t.lens(buffer, '▶ Run')
  end)
  t.notices = {}
  vim.cmd.TensorLogicRun()
  t.wait('numbers again', function()
    return tensorlogic.status(buffer):find('^running') and t.result(buffer)
  end)
  vim.cmd.TensorLogicStop()
  t.wait('the end', function()
    return tensorlogic.status(buffer):find('^stopped') and #t.workers() == 0
  end, 3000)
  t.equal(t.notices, {}, 'messages of the second run')
end)

t.test('a server that dies takes its worker along; results and status go', function()
  local buffer, client = t.open(t.file('examples/dying.tl', {
    'main {',
    '    let i = 0',
    '    while true {',
    '        i = i + 1',
    '        write(str(i) + " ")',
    '    }',
    '}',
  }))
  vim.cmd.TensorLogicRun()
  t.wait('numbers', function()
    return t.result(buffer)
  end)
  local server = t.children(vim.uv.os_getpid())[1]
  local worker = t.workers()[1]
  vim.uv.kill(server, 'sigkill')
  t.wait('the end of the server', function()
    return client:is_stopped()
  end)
  t.wait('the end of the worker', function()
    return not vim.uv.fs_stat('/proc/' .. worker)
  end, 3000)
  t.wait('the results to go', function()
    return #t.results(buffer) == 0 and tensorlogic.status(buffer) == ''
  end, 2000)
end)

t.test('running a script without `main` says so', function()
  local buffer = t.open(t.file('examples/nothing.tl', { 'fn f() -> int {', '    1', '}' }))
  vim.cmd.TensorLogicRun()
  t.wait('a message', function()
    return t.said():find('main')
  end)
  t.holds(not tensorlogic.status(buffer):find('^running'), tensorlogic.status(buffer))
end)

t.test('commands in a buffer without a server say what to look at', function()
  vim.cmd.enew()
  vim.cmd.TensorLogicRun()
  t.contains(t.said(), ':checkhealth tensorlogic')
end)
