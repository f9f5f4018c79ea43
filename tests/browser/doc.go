// Package browser looks at the report in headless Chromium: at the widths of phones, tablets and desks, light, dark and on
// paper. It has a module of its own, so that importers of the components inherit no browser driver.
//
// The tests are skipped where there is no Chromium; the script install gets one from Debian's packages. With SCREENSHOTS set
// to a directory they leave the pictures there:
//
//	tests/browser/install && cd tests/browser && SCREENSHOTS=/tmp/pictures go test ./...
package browser
