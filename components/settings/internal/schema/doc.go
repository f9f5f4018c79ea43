// Package schema is the one description of all settings: every key with its type, limits, meaning and default per
// profile. The strict decoder, the Go types of package settings, docs/settings.md and the config section of Pulumi.yaml
// are all derived from it.
package schema
