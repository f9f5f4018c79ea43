package argdocs

import (
	"regexp"
	"strings"
)

// sentences splits a comment. A full stop between a letter or sign and a blank ends a sentence; one that stands alone, as in a
// list of signs, does not. Abbreviations do not occur in comments.
func sentences(text string) []string {
	var found []string
	start := 0
	for i := 1; i+1 < len(text); i++ {
		if text[i] == '.' && text[i+1] == ' ' && text[i-1] != ' ' {
			found = append(found, text[start:i+1])
			start = i + 2
		}
	}
	return append(found, text[start:])
}

// described splits a field's comment into its default and all else. ok is false when it says neither a default nor that
// the field is required.
func described(f field) (meaning, byDefault string, ok bool) {
	var rest []string
	for _, sentence := range sentences(f.doc) {
		said, isDefault := strings.CutPrefix(sentence, "Default: ")
		limits, isRequired := strings.CutPrefix(sentence, "Required: ")
		switch {
		case isDefault:
			byDefault, ok = strings.TrimSuffix(said, "."), true
		case sentence == "Required.":
			byDefault, ok = "required", true
		case isRequired:
			byDefault, ok = "required", true
			rest = append(rest, strings.ToUpper(limits[:1])+limits[1:])
		default:
			rest = append(rest, sentence)
		}
	}
	if len(rest) == 0 {
		return "", byDefault, ok
	}
	rest[0] = withoutName(rest[0], f.names)
	meaning = strings.Join(rest, " ")
	if len(rest) == 1 {
		meaning = strings.TrimSuffix(meaning, ".")
	}
	return meaning, byDefault, ok
}

// withoutName takes the field's name from the beginning of a Go comment: it stands in the column beside it. "Emails are the
// addresses" becomes "the addresses", "Alerts tells people" becomes "tells people", and "Name of the rule" stays.
func withoutName(sentence string, names []string) string {
	last := len(names) - 1
	subject := names[last]
	if last > 0 {
		subject = strings.Join(names[:last], ", ") + " and " + subject
	}
	rest, begins := strings.CutPrefix(sentence, subject+" ")
	if !begins {
		return sentence
	}
	verb, object, _ := strings.Cut(rest, " ")
	verb = strings.TrimSuffix(verb, ",")
	switch {
	case verb == "is" || verb == "are":
		return object
	case len(names) > 1 || strings.HasSuffix(verb, "s") && len(verb) > 3:
		return rest
	}
	return sentence
}

var (
	identifier = regexp.MustCompile(`\b[A-Z][A-Za-z0-9]*[a-z0-9][A-Z][A-Za-z0-9]*\b`)
	link       = regexp.MustCompile(`https://([a-z0-9-]+\.)+[a-z]+/[^\s)]*[^\s).,;:]`)
	escaped    = strings.NewReplacer("|", `\|`, "*", `\*`, "<", "&lt;", ">", "&gt;")
)

// cell is a text of a comment as Markdown: Go names as code, addresses as links.
func cell(text string, known map[string]bool) string {
	var out strings.Builder
	for {
		at := link.FindStringIndex(text)
		if at == nil {
			out.WriteString(prose(text, known))
			return out.String()
		}
		address := text[at[0]:at[1]]
		out.WriteString(prose(text[:at[0]], known))
		title := strings.SplitN(strings.TrimPrefix(address, "https://"), "/", 2)[0]
		if title == "docs.aws.amazon.com" {
			title = "AWS"
		}
		out.WriteString("[" + title + "](" + address + ")")
		text = text[at[1]:]
	}
}

// prose marks names in camel case that the package declares. A name of one hump, such as Regions, is a word too and stays.
func prose(text string, known map[string]bool) string {
	return identifier.ReplaceAllStringFunc(escaped.Replace(text), func(name string) string {
		if known[name] {
			return "`" + name + "`"
		}
		return name
	})
}
