package browser

import (
	"context"
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// names are those under which Chromium is found on PATH; the environment variable CHROMIUM goes before them.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"}

func chromium(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no Chromium on PATH, so nobody looks at the report: tests/browser/install gets one on Debian, or name one in CHROMIUM")
	return ""
}

// browse starts a browser that ends with the test.
func browse(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.DisableGPU)
	if os.Geteuid() == 0 { // Chromium's sandbox wants another user
		options = append(options, chromedp.NoSandbox)
	}
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	browser, endBrowser := chromedp.NewContext(allocator)
	ctx, cancel := context.WithTimeout(browser, 8*time.Minute) // a machine that does much else takes long
	t.Cleanup(func() { cancel(); endBrowser(); endAllocator() })
	return ctx
}

// pages are the files of the report's samples, and the one that the environment variable REPORT names.
func pages(t *testing.T) []string {
	t.Helper()
	directory := t.TempDir()
	command := exec.Command("go", "test", "./internal/report", "-run", "TestPagesForTheBrowser", "-count=1")
	command.Dir = filepath.Join("..", "..")
	command.Env = append(os.Environ(), "REPORT_PAGES="+directory)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	files, err := filepath.Glob(filepath.Join(directory, "*.html"))
	if err != nil || len(files) != 3 {
		t.Fatalf("there are the pages %v, %v", files, err)
	}
	if own := os.Getenv("REPORT"); own != "" {
		own, err := filepath.Abs(own)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, own)
	}
	return files
}

// screen is how a page is looked at.
type screen struct {
	name   string
	width  int64
	mobile bool
	media  string // screen or print
	scheme string
}

var screens = []screen{
	{"phone", 390, true, "screen", "light"},
	{"phone-dark", 390, true, "screen", "dark"},
	{"small-phone", 320, true, "screen", "light"},
	{"tablet", 768, false, "screen", "light"},
	{"desktop", 1280, false, "screen", "light"},
	{"desktop-dark", 1280, false, "screen", "dark"},
	{"paper", 720, false, "print", "light"},
}

func (s screen) show(file string) chromedp.Action {
	return chromedp.Tasks{
		emulation.SetDeviceMetricsOverride(s.width, 844, 1, s.mobile),
		emulation.SetEmulatedMedia().WithMedia(s.media).WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: s.scheme}}),
		chromedp.Navigate("file://" + file),
	}
}

//go:embed look.js
var look string

const openAll = `document.querySelectorAll('details').forEach((d) => { d.open = true }); true`

func TestReportLooksRightEverywhere(t *testing.T) {
	ctx := browse(t)
	for _, file := range pages(t) {
		name := filepath.Base(file[:len(file)-len(filepath.Ext(file))])
		for _, s := range screens {
			t.Run(name+"/"+s.name, func(t *testing.T) {
				var closed, opened []string
				var done bool
				var picture []byte
				if err := chromedp.Run(ctx, s.show(file), chromedp.Evaluate(look, &closed), chromedp.FullScreenshot(&picture, 100),
					chromedp.Evaluate(openAll, &done), chromedp.Evaluate(look, &opened)); err != nil {
					t.Fatal(err)
				}
				keep(t, name+"-"+s.name+".png", picture)
				for _, problem := range closed {
					t.Error(problem)
				}
				for _, problem := range opened {
					t.Error("all opened:", problem)
				}
			})
		}
	}
}

// TestReportPrints: what can be opened is open on paper, but for the list of every resource, and that of the controls
// under the numbers of further versions of a benchmark, which take many sheets.
func TestReportPrints(t *testing.T) {
	ctx := browse(t)
	for _, file := range pages(t) {
		name := filepath.Base(file[:len(file)-len(filepath.Ext(file))])
		var hidden int
		var pdf []byte
		if err := chromedp.Run(ctx, screen{"paper", 720, false, "print", "light"}.show(file),
			chromedp.Evaluate(`[...document.querySelectorAll('section:not(#places) details li, section:not(#places) details td')].filter((e) => !e.closest('.further')).filter((e) => e.getBoundingClientRect().height === 0).length`, &hidden),
			chromedp.ActionFunc(func(ctx context.Context) (err error) {
				pdf, _, err = page.PrintToPDF().WithPrintBackground(false).Do(ctx)
				return err
			})); err != nil {
			t.Fatal(err)
		}
		keep(t, name+".pdf", pdf)
		if hidden > 0 {
			t.Errorf("%s: %d lines are closed away on paper", name, hidden)
		}
	}
}

// keep writes a file into the directory that the environment variable SCREENSHOTS names, if any.
func keep(t *testing.T, name string, data []byte) {
	t.Helper()
	directory := os.Getenv("SCREENSHOTS")
	if directory == "" {
		return
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(directory, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}
