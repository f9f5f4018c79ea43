package eventpattern

// glyph is a character to be met exactly, or any number of characters.
type glyph struct {
	char rune
	any  bool
}

// newWildcard reads a wildcard match: * stands for any characters, \* and \\ for themselves, ** is refused.
// EventBridge also refuses patterns that are "too complex" without documenting the measure, so nothing is refused for it
// here: keep to one * in a value where possible.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching
func newWildcard(operand any, path string) (matcher, error) {
	s, ok := operand.(string)
	if !ok {
		return matcher{}, refusal("wildcard match pattern must be a string, at %s", path)
	}
	var glyphs []glyph
	chars := []rune(s)
	for i := 0; i < len(chars); i++ {
		switch {
		case chars[i] == '*':
			if len(glyphs) > 0 && glyphs[len(glyphs)-1].any {
				return matcher{}, refusal("Consecutive wildcard characters at pos %d, at %s", i, path)
			}
			glyphs = append(glyphs, glyph{any: true})
		case chars[i] != '\\':
			glyphs = append(glyphs, glyph{char: chars[i]})
		case i+1 < len(chars) && (chars[i+1] == '*' || chars[i+1] == '\\'):
			i++
			glyphs = append(glyphs, glyph{char: chars[i]})
		default:
			return matcher{}, refusal("Invalid escape character at pos %d, at %s", i, path)
		}
	}
	return onStrings(func(v string) bool { return matchGlyphs(glyphs, []rune(v)) }), nil
}

func matchGlyphs(glyphs []glyph, chars []rune) bool {
	position, next := 0, 0
	star, starNext := -1, 0
	for next < len(chars) {
		switch {
		case position < len(glyphs) && glyphs[position].any:
			star, starNext = position, next
			position++
		case position < len(glyphs) && glyphs[position].char == chars[next]:
			position++
			next++
		case star >= 0:
			starNext++
			position, next = star+1, starNext
		default:
			return false
		}
	}
	for position < len(glyphs) && glyphs[position].any {
		position++
	}
	return position == len(glyphs)
}
