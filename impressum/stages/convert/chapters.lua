-- Reads many chapters in one process, as pandoc reads each by itself. Standard input: a line that stands nowhere else,
-- the format, then the chapters, each with that line behind it. Standard output: a line for each, its tree as JSON, and a
-- last one that means nothing. Standard error: its warnings, each time with that line behind them.
function Reader(input, options)
  local text = tostring(input)
  local mark = text:match("^[^\n]*\n")
  local format = text:match("^[^\n]*", #mark + 1)
  local at = #mark + #format + 2
  while at <= #text do
    local ends, behind = text:find(mark, at, true)
    if not ends then break end
    local document = pandoc.read(text:sub(at, ends - 1), format, options)
    io.stdout:write(pandoc.write(document, "json"), "\n")
    io.stdout:flush()
    io.stderr:write(mark)
    io.stderr:flush()
    at = behind + 1
  end
  return pandoc.Pandoc({})
end
