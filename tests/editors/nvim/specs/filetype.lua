-- Which files are TensorLogic. The cases are shared with VS Code.

local t = ...

local filetype = require('tensorlogic.filetype')
local cases = vim.json.decode(table.concat(vim.fn.readfile(t.root .. '/tests/editors/filetypes.json'), '\n'))

t.test(('the text of a `.tl` file decides, in %d cases'):format(#cases), function()
  for _, case in ipairs(cases) do
    t.equal(filetype.of_lines(case.lines), case.language, case.name)
  end
  t.holds(#cases >= 30, 'there are at least 30 cases')
end)

t.test('all scripts of the project are TensorLogic', function()
  local scripts = vim.fs.find(function(name)
    return vim.endswith(name, '.tl')
  end, { path = t.root .. '/tests/suite', type = 'file', limit = math.huge })
  vim.list_extend(scripts, vim.fn.glob(t.root .. '/examples/*.tl', true, true))
  t.holds(#scripts > 20, 'there are scripts')
  for _, script in ipairs(scripts) do
    t.equal(filetype.of_lines(vim.fn.readfile(script)), 'tensorlogic', script)
  end
end)

t.test('an opened script gets the filetype', function()
  local buffer = t.edit(t.file('a.tl', { 'main { }' }))
  t.equal(vim.bo[buffer].filetype, 'tensorlogic')
end)

t.test('a new script that is still empty is TensorLogic', function()
  vim.cmd.edit(t.work .. '/new.tl')
  t.equal(vim.bo.filetype, 'tensorlogic')
end)

t.test('a Teal file is left alone: its filetype, no server, no mapping', function()
  local buffer = t.edit(t.file('point.tl', { 'local record Point', '   x: number', 'end', 'return Point' }))
  t.equal(vim.bo[buffer].filetype, 'teal')
  vim.wait(300)
  t.equal(#vim.lsp.get_clients({ bufnr = buffer }), 0, 'servers')
  t.equal(vim.fn.maparg('grx', 'n'), '', 'mapping')
  t.equal(vim.b[buffer].ts_highlight, nil, 'highlighting')
  t.equal(#t.notices, 0, 'messages')
end)
