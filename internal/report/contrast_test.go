package report_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestContrast: texts have at least 4.5 to 1 on what is behind them, and marks 3 to 1, light and dark, as WCAG 2.2 AA asks:
// https://www.w3.org/TR/WCAG22/#contrast-minimum, https://www.w3.org/TR/WCAG22/#non-text-contrast
func TestContrast(t *testing.T) {
	css, err := os.ReadFile("style.css")
	require.NoError(t, err)
	roots := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(string(css), -1)
	require.Len(t, roots, 3, "light, dark, print")
	light := variables(roots[0][1])
	for i, root := range roots {
		colours := variables(root[1])
		for name, colour := range light {
			if colours[name] == "" {
				colours[name] = colour
			}
		}
		texts := [][2]string{
			{"ink", "ground"}, {"ink", "card"}, {"quiet", "ground"}, {"quiet", "card"}, {"accent", "card"}, {"accent", "ground"},
			{"ink", "shade1"}, {"ink", "shade2"}, {"dark-cell", "shade3"}, {"ink", "not-covered-soft"}, {"ink", "by-hand-soft"}, {"ink", "detected-soft"},
			{"quiet", "not-covered-soft"}, {"quiet", "by-hand-soft"}, {"quiet", "detected-soft"}, {"detected", "detected-soft"}, {"not-covered", "not-covered-soft"},
		}
		switch i {
		case 0:
			colours["by-hand"], colours["satisfied"] = "#854d0e", "#166534" // as the badges have them
			texts = append(texts, [2]string{"dark-cell", "shade4"})
		case 1:
			colours["on-shade4"] = "#0f141b"
			texts = append(texts, [2]string{"on-shade4", "shade4"})
		}
		texts = append(texts, [2]string{"by-hand", "by-hand-soft"}, [2]string{"satisfied", "satisfied-soft"})
		for _, pair := range texts {
			assert.GreaterOrEqual(t, contrast(t, colours[pair[0]], colours[pair[1]]), 4.5, "palette %d: %s on %s", i, pair[0], pair[1])
		}
		for _, mark := range []string{"satisfied", "detected", "by-hand", "not-covered", "accent", "quiet"} {
			assert.GreaterOrEqual(t, contrast(t, colours[mark], colours["card"]), 3.0, "palette %d: %s", i, mark)
		}
	}
}

func variables(block string) map[string]string {
	all := map[string]string{}
	for _, match := range regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6})`).FindAllStringSubmatch(block, -1) {
		all[match[1]] = match[2]
	}
	return all
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	require.NoError(t, err, colour)
	part := func(shift uint) float64 {
		c := float64(n>>shift&255) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}
