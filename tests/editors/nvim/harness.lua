-- What the specifications share: a test by name, waiting, opening files, and reading back
-- what a person would see. It knows Neovim and the project's folders, never the plugin's
-- inner tables.

local M = {}

M.root = vim.env.TL_ROOT
M.work = vim.env.TL_WORK

--- Everything that the editor has said since the test began.
M.notices = {} ---@type { text: string, level: integer }[]

local passed, failed, current_section = 0, 0, ''

vim.notify = function(text, level)
  table.insert(M.notices, { text = tostring(text), level = level or vim.log.levels.INFO })
end

local function say(line)
  io.stdout:write(line .. '\n')
  io.stdout:flush()
end

---@param name string
function M.section(name)
  current_section = name
end

-- Back to one empty window with no server, whatever the last test left behind.
local function clean_up()
  vim.cmd('silent! stopinsert')
  vim.cmd('silent! only!')
  vim.cmd('silent! %bwipeout!')
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop()
  end
  vim.wait(3000, function()
    return #vim.lsp.get_clients() == 0 and #M.descendants() == 0
  end, 10)
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop(true)
  end
  vim.g.tensorlogic = { server = vim.env.TL_LSP }
  vim.v.errmsg = ''
  vim.cmd('messages clear')
  M.notices = {}
end

--- A test: it passes if `body` raises nothing.
---@param name string
---@param body fun()
function M.test(name, body)
  local title = current_section .. ': ' .. name
  if not title:find(vim.env.TL_FILTER or '', 1, true) then
    return
  end
  clean_up()
  local started = vim.uv.hrtime()
  local held, problem = xpcall(body, function(message)
    return type(message) == 'string' and debug.traceback(message, 2) or message
  end)
  local milliseconds = (vim.uv.hrtime() - started) / 1e6
  if held then
    passed = passed + 1
    say(('ok      %s (%.0f ms)'):format(title, milliseconds))
  else
    failed = failed + 1
    say(('FAILED  %s (%.0f ms)\n%s'):format(title, milliseconds, tostring(problem):gsub('[^\n]+', '        %0')))
    for _, notice in ipairs(M.notices) do
      say('        the editor said: ' .. notice.text)
    end
  end
end

--- Prints the closing line; whether everything passed.
---@return boolean
function M.finish()
  clean_up()
  say(('%d passed, %d failed'):format(passed, failed))
  return failed == 0 and passed > 0
end

-- Assertions

---@param got any
---@param wanted any
---@param what string?
function M.equal(got, wanted, what)
  if not vim.deep_equal(got, wanted) then
    error(('%s:\n  wanted %s\n  found  %s'):format(what or 'they differ', vim.inspect(wanted), vim.inspect(got)), 2)
  end
end

---@param text string
---@param part string
function M.contains(text, part)
  if not text:find(part, 1, true) then
    error(('`%s` is missing in:\n%s'):format(part, text), 2)
  end
end

---@param condition any
---@param what string
function M.holds(condition, what)
  if not condition then
    error('this does not hold: ' .. what, 2)
  end
end

--- Waits until `reached` answers with a value, and answers with it.
---@generic T
---@param what string
---@param reached fun(): T?
---@param milliseconds integer? 8 seconds by default
---@return T
function M.wait(what, reached, milliseconds)
  local value
  local done = vim.wait(milliseconds or 8000, function()
    value = reached()
    return value and true or false
  end, 10)
  if not done then
    error('waited in vain for ' .. what, 2)
  end
  return value
end

-- Files and the server

--- Writes a file into the work folder and answers with its path.
---@param name string
---@param lines string[]
---@return string
function M.file(name, lines)
  local path = M.work .. '/' .. name
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  vim.fn.writefile(lines, path)
  return path
end

--- Opens a file of the work folder in the window.
---@param path string
---@return integer buffer
function M.edit(path)
  vim.cmd.edit(vim.fn.fnameescape(path))
  return vim.api.nvim_get_current_buf()
end

--- The client of a buffer, once the server has answered.
---@param buffer integer
---@return vim.lsp.Client
function M.client(buffer)
  return M.wait('the server', function()
    local client = vim.lsp.get_clients({ bufnr = buffer, name = 'tensorlogic' })[1]
    return client and client.initialized and client
  end)
end

--- Opens a script and waits for its server.
---@param path string
---@return integer buffer
---@return vim.lsp.Client client
function M.open(path)
  local buffer = M.edit(path)
  return buffer, M.client(buffer)
end

---@param client vim.lsp.Client
---@param buffer integer
---@param method string
---@param parameters table
---@return any
function M.request(client, buffer, method, parameters)
  local answer, problem = client:request_sync(method, parameters, 5000, buffer)
  if not answer then
    error(method .. ' was not answered: ' .. tostring(problem), 2)
  end
  if answer.err then
    error(method .. ' was refused: ' .. vim.inspect(answer.err), 2)
  end
  return answer.result
end

--- Whether the server answers, and knows the text of the buffer.
---@param client vim.lsp.Client
---@param buffer integer
function M.alive(client, buffer)
  local document = vim.lsp.util.make_text_document_params(buffer)
  M.request(client, buffer, 'textDocument/codeLens', { textDocument = document })
end

-- What a person sees

--- The virtual text at the ends of the lines, a row and a text for each piece.
---@param buffer integer
---@return { row: integer, text: string, highlight: string }[]
function M.virtual_text(buffer)
  local found = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(buffer, -1, 0, -1, { details = true, type = 'virt_text' })) do
    local details = mark[4]
    if details.virt_text and not details.invalid and details.virt_text_pos ~= 'inline' then
      local text = ''
      for _, chunk in ipairs(details.virt_text) do
        text = text .. chunk[1]
      end
      table.insert(found, { row = mark[2], text = text, highlight = details.virt_text[#details.virt_text][2] })
    end
  end
  return found
end

--- The first result of a run that is shown.
---@param buffer integer
---@return { row: integer, text: string, highlight: string }?
function M.result(buffer)
  for _, piece in ipairs(M.virtual_text(buffer)) do
    if piece.text:find('^⇒ ') then
      return piece
    end
  end
end

--- All results of a run that are shown.
---@param buffer integer
---@return { row: integer, text: string, highlight: string }[]
function M.results(buffer)
  return vim.tbl_filter(function(piece)
    return piece.text:find('^⇒ ') ~= nil
  end, M.virtual_text(buffer))
end

--- Whether a code lens with this title is drawn, and on which row.
---@param buffer integer
---@param title string
---@return integer?
function M.lens(buffer, title)
  for _, piece in ipairs(M.virtual_text(buffer)) do
    if piece.text == title then
      return piece.row
    end
  end
end

--- What the editor has said, all in one text.
---@return string
function M.said()
  return table.concat(vim.tbl_map(function(notice)
    return notice.text
  end, M.notices), '\n')
end

--- The row of the first line that contains `part`.
---@param buffer integer
---@param part string
---@return integer
function M.row_of(buffer, part)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    if line:find(part, 1, true) then
      return row - 1
    end
  end
  error(('no line contains `%s`'):format(part), 2)
end

--- The text of the output buffer.
---@return string
function M.output()
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.startswith(vim.api.nvim_buf_get_name(buffer), 'tensorlogic://output/') then
      return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
    end
  end
  return ''
end

-- Processes

---@return table<integer, integer[]> children by parent
local function families()
  local children = {}
  for name in vim.fs.dir('/proc') do
    local file = name:find('^%d+$') and io.open('/proc/' .. name .. '/stat', 'r')
    if file then
      local state, parent = (file:read('*a') or ''):match('%) (%a) (%d+)')
      file:close()
      if parent and state ~= 'Z' then
        children[tonumber(parent)] = children[tonumber(parent)] or {}
        table.insert(children[tonumber(parent)], tonumber(name))
      end
    end
  end
  return children
end

--- The numbers of the processes that one has started itself.
---@param parent integer
---@return integer[]
function M.children(parent)
  return families()[parent] or {}
end

--- The numbers of the processes below one, this editor by default.
---@param root integer?
---@return integer[]
function M.descendants(root)
  local children, found = families(), {}
  local function visit(parent)
    for _, child in ipairs(children[parent] or {}) do
      table.insert(found, child)
      visit(child)
    end
  end
  visit(root or vim.uv.os_getpid())
  return found
end

--- The server's own children: the runs that go on.
---@return integer[]
function M.workers()
  local children, workers = families(), {}
  for _, server in ipairs(children[vim.uv.os_getpid()] or {}) do
    vim.list_extend(workers, children[server] or {})
  end
  return workers
end

return M
