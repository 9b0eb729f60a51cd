-- The plugin as it is installed: its copies are fresh, its help can be found, its health
-- check tells what is missing.

local t = ...

t.test('the queries are those of the grammar', function()
  local result = vim.system({ vim.v.progpath, '-l', t.root .. '/editors/nvim/scripts/queries.lua', '--check' }):wait()
  t.equal(result.code, 0, (result.stderr or '') .. (result.stdout or ''))
end)

t.test('every capture is one that Neovim or the plugin gives a colour', function()
  local query = assert(vim.treesitter.query.get('tensorlogic', 'highlights'))
  for _, capture in ipairs(query.captures) do
    if capture ~= 'spell' then
      -- `@function.method.call` falls back to `@function.method`, then to `@function`.
      local name, found = capture, false
      while name and not found do
        found = next(vim.api.nvim_get_hl(0, { name = '@' .. name })) ~= nil
          or next(vim.api.nvim_get_hl(0, { name = '@' .. name .. '.tensorlogic' })) ~= nil
        name = name:match('^(.*)%.[^.]*$')
      end
      t.holds(found or capture:find('^punctuation'), '`@' .. capture .. '` has a colour')
    end
  end
end)

t.test('all queries fit the parser', function()
  for _, name in ipairs({ 'highlights', 'locals', 'folds', 'indents' }) do
    t.holds(vim.treesitter.query.get('tensorlogic', name), 'there is a query `' .. name .. '`')
  end
end)

t.test('help is found by its tags, and every command and option is in it', function()
  vim.cmd.helptags(t.root .. '/editors/nvim/doc')
  vim.cmd.help('tensorlogic')
  local help = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  vim.fn.delete(t.root .. '/editors/nvim/doc/tags')
  for command in pairs(vim.api.nvim_get_commands({})) do
    if vim.startswith(command, 'TensorLogic') then
      t.contains(help, '*:' .. command .. '*')
    end
  end
  for option in pairs(require('tensorlogic.config').defaults) do
    t.contains(help, '`' .. option .. '`')
  end
end)

t.test('no line of the help is wider than 78 columns', function()
  for _, line in ipairs(vim.fn.readfile(t.root .. '/editors/nvim/doc/tensorlogic.txt')) do
    t.holds(vim.fn.strdisplaywidth(line) <= 78, line)
  end
end)

---@return string
local function health()
  vim.cmd('checkhealth tensorlogic')
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

t.test('checkhealth names the executable with its version, the parser and the server', function()
  t.open(t.work .. '/examples/chat.tl')
  local report = health()
  t.contains(report, vim.env.TL_LSP)
  t.holds(report:find('OK[^\n]*tl%-lsp`: [^\n]*%d+%.%d+%.%d+'), 'the version is there:\n' .. report)
  t.contains(report, 'parser/tensorlogic.so')
  t.contains(report, 'a server serves 1 buffer')
  t.holds(not report:find('ERROR') and not report:find('WARNING'), report)
end)

t.test('checkhealth tells the next step where something is missing', function()
  vim.g.tensorlogic = { server = '/nowhere/tl-lsp', tresitter = true, mappings = 'no' }
  local report = health()
  t.contains(report, 'the option `server` names `/nowhere/tl-lsp`, which cannot be executed')
  t.contains(report, 'there is no option `tresitter`')
  t.contains(report, 'the option `mappings` is a boolean, not a string')
end)

t.test('`setup` adds to the options, and can leave the server out', function()
  require('tensorlogic').setup({ lsp = false, output_lines = 50 })
  local buffer = t.edit(t.file('unserved.tl', { 'main { }' }))
  vim.wait(300)
  t.equal(#vim.lsp.get_clients({ bufnr = buffer }), 0, 'servers')
  t.equal(require('tensorlogic.config').get().output_lines, 50)
  t.equal(require('tensorlogic.config').get().server, vim.env.TL_LSP)
  require('tensorlogic').setup({ lsp = true })
  t.client(buffer)
end)

t.test('without an executable one message says what to do, once, and editing goes on', function()
  vim.g.tensorlogic = {}
  local path = vim.env.PATH
  vim.env.PATH = '/nowhere'
  t.edit(t.file('one.tl', { 'main { }' }))
  t.edit(t.file('two.tl', { 'main { }' }))
  vim.wait(200)
  vim.env.PATH = path
  t.equal(#vim.lsp.get_clients(), 0, 'servers')
  t.equal(#t.notices, 1, 'messages')
  t.contains(t.notices[1].text, '`tl-lsp` is not on `$PATH`: build it with `cargo build --release`')
  t.equal(vim.bo.filetype, 'tensorlogic')
end)

t.test('the parser can be built into a folder that does not exist yet', function()
  local path = t.work .. '/built/parser/tensorlogic.so'
  local built, problem = require('tensorlogic.parser').build(path)
  t.equal(built, path, problem)
  t.holds(vim.uv.fs_stat(path).size > 10000, 'there is a library')
end)

t.test('a parser that cannot be built is told with the reason', function()
  vim.g.tensorlogic = { grammar = t.work }
  local built, problem = require('tensorlogic.parser').build(t.work .. '/none.so')
  t.equal(built, nil)
  t.contains(problem, 'there is no `parser.c` in `' .. t.work .. '`')
end)
