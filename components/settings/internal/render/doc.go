// Package render writes what is derived from the schema of the settings: the Go types of package settings, the page
// docs/settings.md and the config section of Pulumi.yaml.
package render
