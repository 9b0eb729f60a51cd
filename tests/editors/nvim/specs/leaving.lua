-- What is left behind when the editor ends, and what a person sees on the screen: both need
-- an editor of their own.

local t = ...

local INIT = t.root .. '/tests/editors/nvim/init.lua'

---@param pids integer[]
---@return integer[] those that still live
local function living(pids)
  return vim.tbl_filter(function(pid)
    local file = io.open('/proc/' .. pid .. '/stat', 'r')
    local state = file and (file:read('*a') or ''):match('%) (%a) ')
    if file then
      file:close()
    end
    return state ~= nil and state ~= 'Z'
  end, pids)
end

-- An editor that runs an endless script; it writes the numbers of its processes into a file
-- and then leaves by `ending`.
---@param name string
---@param ending string
---@return integer[] the processes that it had
local function leave(name, ending)
  local script = t.file('examples/' .. name .. '.tl', {
    'main {',
    '    let i = 0',
    '    while true {',
    '        i = i + 1',
    '        write(str(i) + " ")',
    '    }',
    '}',
  })
  local pids_file = t.work .. '/' .. name .. '.json'
  local leaving = t.file(name .. '.lua', {
    "package.path = vim.env.TL_ROOT .. '/tests/editors/nvim/?.lua;' .. package.path",
    "local t = require('harness')",
    ("local buffer = t.open('%s')"):format(script),
    'vim.cmd.TensorLogicRun()',
    "t.wait('numbers', function() return t.result(buffer) end)",
    ("vim.fn.writefile({ vim.json.encode(t.descendants()) }, '%s')"):format(pids_file),
    ending,
  })
  local start = ("lua vim.schedule(function() dofile('%s') end)"):format(leaving)
  local command = { vim.v.progpath, '--headless', '-u', INIT, '-c', start }
  local result = vim.system(command, { text = true, timeout = 15000 }):wait()
  t.holds(vim.uv.fs_stat(pids_file), 'the script ran: ' .. (result.stderr or ''))
  return vim.json.decode(table.concat(vim.fn.readfile(pids_file), ''))
end

t.test('after :qall no process is left, though a run was going on', function()
  local pids = leave('quitting', "vim.cmd('qall!')")
  t.holds(#pids >= 2, 'there were a server and a worker')
  t.wait('them to end', function()
    return #living(pids) == 0
  end, 3000)
end)

t.test('after the editor was killed no process is left either', function()
  local pids = leave('killed', 'vim.uv.kill(vim.uv.os_getpid(), 9)')
  t.holds(#pids >= 2, 'there were a server and a worker')
  t.wait('them to end', function()
    return #living(pids) == 0
  end, 3000)
end)

t.test('on the screen: the lens, the tokens as they arrive, the status, the completion menu', function()
  local command = { vim.env.TL_PYTHON, t.root .. '/tests/editors/nvim/screen.py', vim.v.progpath, INIT, t.work }
  local result = vim.system(command, { text = true, timeout = 40000 }):wait()
  t.holds(result.code == 0, (result.stdout or '') .. (result.stderr or ''))
end)
