"""Lua that several scripts for the streams' Redis share."""

# Returns the value of a field in a reply of XINFO, which is a list of names and values.
FIELD = """
local function field(info, name)
  for i = 1, #info, 2 do
    if info[i] == name then
      return info[i + 1]
    end
  end
end
"""
