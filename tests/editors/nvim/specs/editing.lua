-- A script in the editor, without the server's help: colours, indentation, comments, folds.

local t = ...

---@param buffer integer
---@param part string text of the line
---@param word string the word in it
---@return string[]
local function captures(buffer, part, word)
  local row = t.row_of(buffer, part)
  local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]
  local column = assert(line:find(word, line:find(part, 1, true), true)) - 1
  return vim.tbl_map(function(capture)
    return capture.capture
  end, vim.treesitter.get_captures_at_pos(buffer, row, column))
end

t.test('chat.tl is highlighted by the grammar', function()
  local buffer = t.edit(t.work .. '/examples/chat.tl')
  vim.treesitter.get_parser(buffer):parse(true)
  for _, case in ipairs({
    { '// Writes a story', '//', 'comment' },
    { 'fn attention', 'fn', 'keyword.function' },
    { 'fn attention', 'attention', 'function' },
    { 'fn attention', 'q', 'variable.parameter' },
    { 'main {', 'main', 'keyword' },
    { 'let scale', 'let', 'keyword' },
    { 'let scale', '0.5', 'number.float' },
    { 'einsum("ihd', '"ihd', 'string' },
    { 'let model', 'load_model', 'function.builtin' },
    { 'for i in range', 'for', 'keyword.repeat' },
    { 'for i in range', 'blk', 'variable.member' },
    { 'if token ==', 'if', 'keyword.conditional' },
    { 'heads: int', 'int', 'type.builtin' },
  }) do
    local found = captures(buffer, case[1], case[2])
    t.holds(vim.list_contains(found, case[3]), ('`%s` is @%s, found %s'):format(case[2], case[3], vim.inspect(found)))
  end
end)

t.test('all examples parse without an error node', function()
  for _, name in ipairs({ 'chat.tl', 'seed_chat.tl' }) do
    local buffer = t.edit(t.work .. '/examples/' .. name)
    t.holds(not vim.treesitter.get_parser(buffer):parse(true)[1]:root():has_error(), name .. ' parses')
  end
end)

t.test('without a parser the plain syntax file colours, without a message', function()
  vim.g.tensorlogic = { treesitter = false, lsp = false }
  local buffer = t.edit(t.work .. '/examples/chat.tl')
  t.equal(vim.b[buffer].ts_highlight, nil)
  local row = t.row_of(buffer, 'let scale')
  local group = vim.fn.synIDattr(vim.fn.synID(row + 1, 5, 1), 'name')
  t.equal(group, 'tensorlogicKeyword')
  t.equal(#t.notices, 0, 'messages')
end)

t.test('indenting chat.tl changes nothing', function()
  for _, name in ipairs({ 'chat.tl', 'seed_chat.tl' }) do
    local buffer = t.edit(t.work .. '/examples/' .. name)
    local before = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
    vim.cmd('silent normal! gg=G')
    t.equal(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), before, name)
  end
end)

t.test('typing a block indents it', function()
  local buffer = t.edit(t.file('typed.tl', {}))
  local keys = 'imain {\rlet x = reshape(\rones([2, 3]),\r[3, 2])\rfor i in range(3) {\rprint("{", i) // {\r}\r}'
  vim.api.nvim_feedkeys(vim.keycode(keys:gsub('\r', '<CR>') .. '<Esc>'), 'xt', false)
  t.equal(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), {
    'main {',
    '    let x = reshape(',
    '        ones([2, 3]),',
    '        [3, 2])',
    '    for i in range(3) {',
    '        print("{", i) // {',
    '    }',
    '}',
  })
end)

t.test('gcc comments a line with //', function()
  local buffer = t.edit(t.file('comment.tl', { 'main {', '    print(1)', '}' }))
  vim.api.nvim_win_set_cursor(0, { 2, 4 })
  vim.cmd.normal('gcc')
  t.equal(vim.api.nvim_buf_get_lines(buffer, 1, 2, false), { '    // print(1)' })
end)

t.test('blocks fold with the query', function()
  t.edit(t.work .. '/examples/chat.tl')
  local options = vim.wo[0][0]
  options.foldmethod, options.foldexpr = 'expr', 'v:lua.vim.treesitter.foldexpr()'
  t.wait('a fold in attention', function()
    return vim.fn.foldlevel(t.row_of(0, 'let scale') + 1) == 1
  end)
  t.equal(vim.fn.foldlevel(t.row_of(0, 'let gate') + 1), 3)
end)

t.test('another filetype takes the mappings and options away again', function()
  local buffer = t.edit(t.file('other.tl', { 'main { }' }))
  t.holds(vim.fn.maparg('grx', 'n') ~= '', 'grx is mapped')
  vim.bo[buffer].filetype = 'text'
  t.equal(vim.fn.maparg('grx', 'n'), '')
  t.equal(vim.bo[buffer].indentexpr, '')
end)
