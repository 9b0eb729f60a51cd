-- What the server gives to an open script: nothing to complain about in the example, the
-- weights of its model, the shapes of its tensors, the lens.

local t = ...

local CHAT = t.work .. '/examples/chat.tl'

t.test('chat.tl opens without an error, a warning or a message', function()
  local buffer, client = t.open(CHAT)
  t.wait('the lens', function()
    return t.lens(buffer, '▶ Run')
  end)
  t.alive(client, buffer)
  vim.wait(300)
  t.equal(vim.diagnostic.get(buffer), {}, 'diagnostics')
  t.equal(t.notices, {}, 'messages through vim.notify')
  t.equal(vim.v.errmsg, '', 'v:errmsg')
  t.equal(vim.trim(vim.fn.execute('messages')), '', ':messages')
end)

t.test('the lens `▶ Run` stands on the line of `main`', function()
  local buffer = t.open(CHAT)
  local row = t.wait('the lens', function()
    return t.lens(buffer, '▶ Run')
  end)
  t.equal(row, t.row_of(buffer, 'main {'))
end)

t.test('the lens comes back after its line was edited, and follows it', function()
  local buffer = t.open(CHAT)
  t.wait('the lens', function()
    return t.lens(buffer, '▶ Run')
  end)
  vim.api.nvim_win_set_cursor(0, { t.row_of(buffer, 'main {') + 1, 0 })
  vim.api.nvim_feedkeys(vim.keycode('O// a thought<Esc>jA // here<Esc>'), 'xt', false)
  vim.api.nvim_exec_autocmds('TextChanged', { buffer = buffer })
  t.wait('the lens on its new line', function()
    return t.lens(buffer, '▶ Run') == t.row_of(buffer, 'main {')
  end)
end)

t.test('after `model.blk[layer].` the nine weights of a layer are offered, with type and shape', function()
  local buffer, client = t.open(t.file('examples/weights.tl', vim.fn.readfile(CHAT)))
  vim.api.nvim_win_set_cursor(0, { t.row_of(buffer, 'let heads') + 1, 0 })
  local keys = 'Ofor layer in range(len(model.blk)) {\rlet w = model.blk[layer].'
  vim.api.nvim_feedkeys(vim.keycode(keys:gsub('\r', '<CR>') .. '<Esc>'), 'xt', false)
  local row = t.row_of(buffer, 'let w = model.blk[layer].')
  local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]
  local result = t.request(client, buffer, 'textDocument/completion', {
    textDocument = vim.lsp.util.make_text_document_params(buffer),
    position = { line = row, character = #line },
    context = { triggerKind = 2, triggerCharacter = '.' },
  })
  local found = {}
  for _, item in ipairs(result.items or result) do
    found[item.label] = item.detail
  end
  t.equal(found, {
    ['attn_norm.weight'] = 'F32 [192]',
    ['attn_q.weight'] = 'F16 [192, 192]',
    ['attn_k.weight'] = 'F16 [64, 192]',
    ['attn_v.weight'] = 'F16 [64, 192]',
    ['attn_output.weight'] = 'F16 [192, 192]',
    ['ffn_norm.weight'] = 'F32 [192]',
    ['ffn_gate.weight'] = 'F16 [512, 192]',
    ['ffn_up.weight'] = 'F16 [512, 192]',
    ['ffn_down.weight'] = 'F16 [192, 512]',
  })
end)

-- The hint behind the name of a `let`.
---@param buffer integer
---@param name string
---@return string?
local function hint(buffer, name)
  local row = t.row_of(buffer, 'let ' .. name .. ' ')
  for _, found in ipairs(vim.lsp.inlay_hint.get({ bufnr = buffer })) do
    if found.inlay_hint.position.line == row then
      local label = found.inlay_hint.label
      return type(label) == 'string' and label or vim.iter(label):fold('', function(text, part)
        return text .. part.value
      end)
    end
  end
end

t.test('shapes stand behind the names of chat.tl', function()
  local buffer = t.open(CHAT)
  t.wait('the hints', function()
    return hint(buffer, 'logits')
  end)
  for name, label in pairs({
    normed = ': [n + t, 192]',
    q = ': [n + t, 6, 32]',
    k = ': [n + t, 2, 32]',
    v = ': [n + t, 2, 32]',
    gate = ': [n + t, 512]',
    up = ': [n + t, 512]',
    last = ': [1, 192]',
    logits = ': [1, 1024]',
  }) do
    t.equal(hint(buffer, name), label, 'hint behind `' .. name .. '`')
  end
end)

t.test('the option `inlay_hints` switches them off', function()
  vim.g.tensorlogic = { server = vim.env.TL_LSP, inlay_hints = false }
  local buffer = t.open(CHAT)
  vim.wait(400)
  t.equal(#vim.lsp.inlay_hint.get({ bufnr = buffer }), 0)
end)

t.test('the option `completion` completes while typing', function()
  local function watched(buffer)
    return #vim.api.nvim_get_autocmds({ event = 'InsertCharPre', buffer = buffer }) > 0
  end
  local buffer = t.open(CHAT)
  t.holds(not watched(buffer), 'off by default')
  vim.cmd('bwipeout!')
  vim.g.tensorlogic = { server = vim.env.TL_LSP, completion = true }
  t.holds(watched((t.open(CHAT))), 'on when asked for')
end)

t.test('the settings reach the server', function()
  local quantised = t.work .. '/examples/models/stories-q4_0.gguf'
  vim.g.tensorlogic = { server = vim.env.TL_LSP, settings = { model = { path = quantised } } }
  local buffer, client = t.open(CHAT)
  local row = t.row_of(buffer, 'layer.attn_q.weight')
  local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]
  local result = t.request(client, buffer, 'textDocument/completion', {
    textDocument = vim.lsp.util.make_text_document_params(buffer),
    position = { line = row, character = assert(line:find('layer.attn_q', 1, true)) + #'layer.' - 1 },
    context = { triggerKind = 1 },
  })
  local details = vim.tbl_map(function(item)
    return item.detail or ''
  end, result.items or result)
  t.contains(table.concat(details, '\n'), 'Q4_0 [192, 192]')
end)

t.test('two scripts of a project share one server', function()
  t.open(CHAT)
  t.open(t.work .. '/examples/seed_chat.tl')
  t.equal(#vim.lsp.get_clients({ name = 'tensorlogic' }), 1)
end)
