#!/usr/bin/env bash
# Draws highlighting.png: what the highlighting query makes of sample.tl, in the colours of
# theme.json. Needs the command lines of tree-sitter, Chromium and pngquant, and the fonts
# of Debian's fonts-jetbrains-mono.
#
#     bash tree-sitter-tensorlogic/images/highlighting.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

tree_sitter="${TREE_SITTER:-tree-sitter}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# Two pixels of the picture for one of the page, so that it is sharp on every screen.
width=760 line=21 padding=26
lines="$(wc -l <sample.tl)"
height=$((lines * line + 2 * padding))

"$tree_sitter" highlight --config-path theme.json --grammar-path .. --html sample.tl \
    >"$work/highlighted.html" 2>"$work/log" || { cat "$work/log"; exit 1; }

{
    cat <<PAGE
<!doctype html>
<meta charset="utf-8">
<style>
body { margin: 0; background: #fdfcfa; }
pre { margin: 0; padding: ${padding}px 32px; font: 14px/${line}px "JetBrains Mono", "DejaVu Sans Mono", monospace;
  font-variant-ligatures: none; color: #24292f; }
$(grep '^    \.' "$work/highlighted.html")
</style>
<pre>
PAGE
    # The code alone; the page around it is our own.
    sed -n '/<pre><code>/,/<\/code><\/pre>/p' "$work/highlighted.html" | sed -e 's|<pre><code>||' -e 's|</code></pre>||'
    echo "</pre>"
} >"$work/page.html"

chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=2 \
    --window-size="$width,$height" --user-data-dir="$work/profile" \
    --screenshot="$work/picture.png" "file://$work/page.html" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
pngquant --force --strip --quality 80-98 --output highlighting.png "$work/picture.png"
echo "highlighting.png: $(wc -c <highlighting.png) bytes"
