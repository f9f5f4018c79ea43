package alerthub

// Severity says how urgent an alert is. Each severity has its own topic, whose name never changes.
type Severity string

// The severities, the most urgent first.
const (
	Critical      Severity = "critical"      // somebody has to act now
	Warning       Severity = "warning"       // somebody has to look today
	Informational Severity = "informational" // worth knowing
)

// Severities are all severities, the most urgent first.
var Severities = []Severity{Critical, Warning, Informational}

func (s Severity) known() bool {
	for _, severity := range Severities {
		if s == severity {
			return true
		}
	}
	return false
}
