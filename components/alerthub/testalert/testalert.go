// Package testalert describes the event that proves an alert hub's path from a Region to people. Every hub has a route
// for it in each severity; it says TEST wherever it is read.
package testalert

import "encoding/json"

// What a test event says about itself at its top. Services of AWS cannot be imitated by events of one's own, so the
// test has a source of its own.
const (
	Source     = "account-baseline.test"
	DetailType = "Alert Test"
)

// Fields of the detail.
const (
	HubField      = "hub"      // the prefix of the hub that is meant: an account may have several
	SeverityField = "severity" // critical, warning or informational
)

// Detail is the detail of the test event for a severity of the hub with the given prefix, as JSON.
func Detail(prefix, severity string) string {
	text, err := json.Marshal(map[string]string{HubField: prefix, SeverityField: severity})
	if err != nil {
		panic("testalert: " + err.Error()) // strings only
	}
	return string(text)
}
