package threatdetection

import (
	"slices"
	"strings"
)

// Standards of Security Hub, as the end of their ARN spells them
// (https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html).
const (
	FSBP    = "aws-foundational-security-best-practices/v/1.0.0"
	CIS140  = "cis-aws-foundations-benchmark/v/1.4.0"
	CIS300  = "cis-aws-foundations-benchmark/v/3.0.0"
	CIS500  = "cis-aws-foundations-benchmark/v/5.0.0"
	NIST    = "nist-800-53/v/5.0.0"
	PCI     = "pci-dss/v/4.0.1"
	Tagging = "aws-resource-tagging-standard/v/1.0.0"
)

// knownStandard is what is known of a standard.
type knownStandard struct {
	id    string
	child string // within the names of its resources
	// global are its controls that look at IAM and at IAM's policies on KMS, which are the same from every Region:
	// https://docs.aws.amazon.com/securityhub/latest/userguide/controls-to-disable.html. Empty where the list is not known.
	global []string
}

var standards = []knownStandard{
	{FSBP, "fsbp-1-0-0", strings.Fields("IAM.1 IAM.2 IAM.3 IAM.4 IAM.5 IAM.6 IAM.7 IAM.8 IAM.21 KMS.1 KMS.2")},
	{CIS140, "cis-1-4-0", nil},
	{CIS300, "cis-3-0-0", strings.Fields("IAM.2 IAM.3 IAM.4 IAM.5 IAM.6 IAM.9 IAM.15 IAM.16 IAM.18 IAM.22 IAM.26 IAM.27")},
	{CIS500, "cis-5-0-0", strings.Fields("IAM.2 IAM.3 IAM.4 IAM.5 IAM.6 IAM.9 IAM.15 IAM.16 IAM.18 IAM.22 IAM.26 IAM.27")},
	{NIST, "nist-5-0-0", nil},
	{PCI, "pci-4-0-1", nil},
	{Tagging, "tagging-1-0-0", nil},
}

// standardIDs are the standards that can be chosen.
func standardIDs() (ids []string) {
	for _, standard := range standards {
		ids = append(ids, standard.id)
	}
	return ids
}

func standardOf(id string) knownStandard {
	return standards[slices.IndexFunc(standards, func(s knownStandard) bool { return s.id == id })]
}
