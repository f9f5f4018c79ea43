package tests

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// documents are all pages that people read, by their path.
func documents(t testing.TB) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../docs/*.md")
	require.NoError(t, err)
	texts := map[string]string{}
	for _, path := range append(paths, "../README.md", "../README.ja.md", "../CHANGELOG.md", "../SECURITY.md") {
		texts[path] = read(t, path)
	}
	return texts
}

// TestIndexListsEveryPage: a page that the index does not name is found by nobody.
func TestIndexListsEveryPage(t *testing.T) {
	index := read(t, "../docs/index.md")
	pages, err := os.ReadDir("../docs")
	require.NoError(t, err)
	for _, page := range pages {
		if strings.HasSuffix(page.Name(), ".md") && page.Name() != "index.md" {
			assert.Contains(t, index, "("+page.Name()+")", "docs/index.md does not list docs/%s", page.Name())
		}
	}
	for _, readme := range []string{"../README.md", "../README.ja.md"} {
		assert.Contains(t, read(t, readme), "(docs/index.md)", readme)
	}
}

var (
	fenced     = regexp.MustCompile("(?ms)^ *```(\\w*)\n(.*?)^ *```$")
	heading    = regexp.MustCompile(`(?m)^#+ (.*)$`)
	link       = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	notInSlugs = regexp.MustCompile(`[^\p{L}\p{N}\- _]`)
)

// anchors are the headings of a page, as GitHub names them in links.
func anchors(page string) map[string]bool {
	found, seen := map[string]bool{}, map[string]int{}
	for _, h := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(page, ""), -1) {
		slug := strings.ReplaceAll(strings.ToLower(notInSlugs.ReplaceAllString(h[1], "")), " ", "-")
		if n := seen[slug]; n > 0 {
			found[fmt.Sprintf("%s-%d", slug, n)] = true
		}
		found[slug] = true
		seen[slug]++
	}
	return found
}

func TestLinksLeadSomewhere(t *testing.T) {
	checked := 0
	for path, page := range documents(t) {
		for _, l := range link.FindAllStringSubmatch(fenced.ReplaceAllString(page, ""), -1) {
			file, anchor, _ := strings.Cut(l[1], "#")
			if strings.Contains(file, "://") {
				continue
			}
			checked++
			target := path
			if file != "" {
				target = filepath.Join(filepath.Dir(path), file)
			}
			if _, err := os.Stat(target); !assert.NoError(t, err, "%s links to %s", path, l[1]) {
				continue
			}
			if anchor != "" {
				assert.True(t, anchors(read(t, target))[anchor], "%s links to %s, and there is no such heading", path, l[1])
			}
		}
	}
	assert.Greater(t, checked, 200)
}

// setting is a key of docs/settings.json.
type setting struct {
	Name     string
	Type     string
	Keys     []setting
	Elements *setting
}

// settingPaths are all keys of the settings, objects included, with [] after lists.
func settingPaths(t *testing.T) (paths map[string]bool, groups map[string]bool) {
	t.Helper()
	var roots []setting
	require.NoError(t, json.Unmarshal([]byte(read(t, "../docs/settings.json")), &roots))
	paths, groups = map[string]bool{}, map[string]bool{}
	var walk func(s setting, path string)
	walk = func(s setting, path string) {
		paths[path] = true
		for _, key := range s.Keys {
			walk(key, path+"."+key.Name)
		}
		if s.Elements != nil {
			walk(*s.Elements, path+map[string]string{"list": "[]", "map": ".NAME"}[s.Type])
		}
	}
	for _, root := range roots {
		walk(root, root.Name)
		groups[root.Name] = len(root.Keys) > 0
	}
	return paths, groups
}

var (
	dotted    = regexp.MustCompile("`([a-z]\\w*(?:\\.[\\w*]+(?:\\[[^\\]`]*\\])*)+)(?:: [^`]*)?`")
	configSet = regexp.MustCompile(`pulumi(?:-local)? config set (?:--stack \S+ )?(?:--path )?'?([\w.\[\]]+)`)
	bracketed = regexp.MustCompile(`\[\w*\]`)
	yamlKey   = regexp.MustCompile(`(?m)^ *account-baseline:`)
)

// TestDocumentsNameRealSettings: whatever a page calls a setting is one, in prose, in commands and in YAML.
func TestDocumentsNameRealSettings(t *testing.T) {
	paths, groups := settingPaths(t)
	exists := func(name string) bool {
		name = strings.TrimSuffix(strings.TrimSuffix(bracketed.ReplaceAllString(name, "[]"), ".*"), "[]")
		return paths[name]
	}
	named := 0
	for path, page := range documents(t) {
		for _, found := range dotted.FindAllStringSubmatch(page, -1) {
			group, _, _ := strings.Cut(found[1], ".")
			if !groups[group] || strings.HasSuffix(found[1], ".amazonaws.com") {
				continue
			}
			named++
			assert.True(t, exists(found[1]), "%s names the setting %s, which does not exist", path, found[1])
		}
		if strings.HasSuffix(path, "/deployrole.md") { // has the settings of an example of its own
			page = strings.NewReplacer("config set repository", "", "config set environment", "").Replace(page)
		}
		for _, found := range configSet.FindAllStringSubmatch(page, -1) {
			if found[1] == "aws" { // aws:region is the provider's
				continue
			}
			named++
			assert.True(t, exists(found[1]), "%s sets %s, which does not exist", path, found[1])
		}
		for _, block := range fenced.FindAllStringSubmatch(page, -1) {
			if block[1] != "yaml" || !yamlKey.MatchString(block[2]) {
				continue
			}
			var values map[string]any
			require.NoError(t, yaml.Unmarshal([]byte(block[2]), &values), path)
			if nested, ok := values["config"].(map[string]any); ok {
				values = nested
			}
			for key, value := range values {
				for _, name := range leaves(strings.TrimPrefix(key, "account-baseline:"), value) {
					named++
					assert.True(t, exists(name), "%s sets %s, which does not exist", path, name)
				}
			}
		}
	}
	assert.Greater(t, named, 400)
}

// leaves are the paths of all values within a value.
func leaves(path string, value any) (paths []string) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			paths = append(paths, leaves(path+"."+key, inner)...)
		}
	case []any:
		for _, inner := range v {
			paths = append(paths, leaves(path+"[]", inner)...)
		}
	default:
		paths = []string{path}
	}
	return paths
}

var (
	makeTarget = regexp.MustCompile("(?m)(?:^\\$ |`|^)make ([a-z][a-z-]*)")
	goRun      = regexp.MustCompile(`go run \./cmd/([\w-]+)`)
	goRunAbove = regexp.MustCompile(`go run \.\./\.\./cmd/([\w-]+)`)
	testNamed  = regexp.MustCompile("`(tests/[\\w./-]+|internal/[\\w./-]+|components/[\\w./-]+|examples/[\\w./-]+)`")
	flagRow    = regexp.MustCompile("(?m)^\\| ((?:`-[a-z-]+`(?:, )?)+) \\|")
)

// TestDocumentsNameRealCommands: what a page tells to run is there.
func TestDocumentsNameRealCommands(t *testing.T) {
	targets := map[string]bool{}
	for _, target := range regexp.MustCompile(`(?m)^([a-z][a-z-]*):`).FindAllStringSubmatch(read(t, "../Makefile"), -1) {
		targets[target[1]] = true
	}
	for path, page := range documents(t) {
		for _, found := range makeTarget.FindAllStringSubmatch(page, -1) {
			assert.Contains(t, targets, found[1], "%s says make %s", path, found[1])
		}
		for _, command := range append(goRun.FindAllStringSubmatch(page, -1), goRunAbove.FindAllStringSubmatch(page, -1)...) {
			_, err := os.Stat("../cmd/" + command[1] + "/main.go")
			assert.NoError(t, err, "%s runs cmd/%s", path, command[1])
		}
		for _, named := range testNamed.FindAllStringSubmatch(page, -1) {
			_, err := os.Stat("../" + named[1])
			assert.NoError(t, err, "%s names %s", path, named[1])
		}
	}
	flags := read(t, "../cmd/deploy-policy/main.go")
	rows := flagRow.FindAllStringSubmatch(read(t, "../docs/deployrole.md"), -1)
	require.NotEmpty(t, rows)
	for _, row := range rows {
		for _, name := range strings.Split(row[1], ", ") {
			assert.Contains(t, flags, `"`+strings.Trim(name, "`-")+`", `, "docs/deployrole.md names the flag %s", name)
		}
	}
}

// program is the source of the program.
func program(t *testing.T) (source string) {
	t.Helper()
	paths, err := filepath.Glob("../*.go")
	require.NoError(t, err)
	for _, path := range paths {
		source += read(t, path)
	}
	return source
}

var outputNamed = regexp.MustCompile("outputs? `(\\w+)`|stack output (\\w+)")

// TestDocumentsNameRealOutputs: an output that a page names is exported by the program or registered by a component.
func TestDocumentsNameRealOutputs(t *testing.T) {
	source := program(t)
	for _, pattern := range []string{"../components/*/*.go", "../components/*/*/*.go", "../examples/*/main.go"} {
		paths, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, path := range paths {
			source += read(t, path)
		}
	}
	exists := func(name string) bool {
		return strings.Contains(source, `Export("`+name+`"`) || regexp.MustCompile(`"`+name+`": +\w+[.(]`).MatchString(source)
	}
	named := 0
	for path, page := range documents(t) {
		for _, found := range outputNamed.FindAllStringSubmatch(page, -1) {
			name := found[1] + found[2]
			if name == "NAME" {
				continue
			}
			named++
			assert.True(t, exists(name), "%s names the output %s", path, name)
		}
	}
	assert.Greater(t, named, 10)
}

// TestThePageOfOutputsIsComplete: docs/outputs.md has a row for each output of the program, and for nothing else.
func TestThePageOfOutputsIsComplete(t *testing.T) {
	want := map[string]bool{}
	for _, name := range regexp.MustCompile(`Export\("(\w+)"`).FindAllStringSubmatch(program(t), -1) {
		want[name[1]] = true
	}
	require.Greater(t, len(want), 30)
	have := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| ((?:`\\w+`(?:, )?)+) \\|").FindAllStringSubmatch(read(t, "../docs/outputs.md"), -1) {
		for _, name := range strings.Split(row[1], ", ") {
			assert.False(t, have[name], "%s has two rows", name)
			have[strings.Trim(name, "`")] = true
		}
	}
	assert.Equal(t, want, have)
}

// TestPagesNameEveryOutput: the page of a component names each of its outputs, by the name in Go or in the state.
func TestPagesNameEveryOutput(t *testing.T) {
	registered := regexp.MustCompile("(?m)^\t(\\w+) +pulumi\\.\\w+ +`pulumi:\"(\\w+)\"`")
	pages := map[string]string{"confighistory": "configbaseline"}
	sources, err := filepath.Glob("../components/*/*.go")
	require.NoError(t, err)
	nested, err := filepath.Glob("../components/configbaseline/*/*.go")
	require.NoError(t, err)
	found := 0
	for _, source := range append(sources, nested...) {
		outputs := registered.FindAllStringSubmatch(read(t, source), -1)
		if outputs == nil {
			continue
		}
		component := filepath.Base(filepath.Dir(source))
		page := read(t, "../docs/"+cmp.Or(pages[component], component)+".md")
		for _, output := range outputs {
			found++
			assert.True(t, strings.Contains(page, "`"+output[1]+"`") || strings.Contains(page, "`"+output[2]+"`"),
				"the page of %s does not name its output %s", component, output[2])
		}
	}
	assert.Greater(t, found, 50)
}

// TestTutorialIsWhatRuns: .ci/tutorial takes every console command of the page and nothing else.
func TestTutorialIsWhatRuns(t *testing.T) {
	commands := regexp.MustCompile(`(?m)^\$ (.*)$`).FindAllStringSubmatch(read(t, "../docs/tutorial.md"), -1)
	require.Greater(t, len(commands), 12)
	script := read(t, "../.ci/tutorial")
	at := strings.Index(script, "$(awk")
	require.GreaterOrEqual(t, at, 0)
	line, _, _ := strings.Cut(script[at+2:], ")\n")
	extract := exec.Command("bash", "-c", line)
	extract.Dir = ".."
	output, err := extract.Output()
	require.NoError(t, err)
	var want []string
	for _, command := range commands {
		want = append(want, command[1])
	}
	assert.Equal(t, want, strings.Split(strings.TrimSpace(string(output)), "\n"))
	for _, script := range []string{"tutorial", "readme"} {
		assert.True(t, strings.Contains(read(t, "../.ci/run"), "\n.ci/"+script+"\n"), "CI does not run .ci/%s", script)
	}
}
