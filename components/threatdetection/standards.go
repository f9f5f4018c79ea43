package threatdetection

import (
	"slices"
	"strings"
)

// Standards of Security Hub, as the end of their ARN spells them
// (https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html).
const (
	FSBP    = "aws-foundational-security-best-practices/v/1.0.0"
	CIS120  = "cis-aws-foundations-benchmark/v/1.2.0"
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
	// ruleset says that its ARN is that of a rule set, which is the same in every Region.
	ruleset bool
	// global are its controls that look at IAM and at IAM's policies on KMS, which are the same from every Region:
	// https://docs.aws.amazon.com/securityhub/latest/userguide/controls-to-disable.html. Empty where the list is not known.
	global []string
}

var standards = []knownStandard{
	{id: FSBP, child: "fsbp-1-0-0", global: strings.Fields("IAM.1 IAM.2 IAM.3 IAM.4 IAM.5 IAM.6 IAM.7 IAM.8 IAM.21 KMS.1 KMS.2")},
	{id: CIS120, child: "cis-1-2-0", ruleset: true},
	{id: CIS140, child: "cis-1-4-0"},
	{id: CIS300, child: "cis-3-0-0", global: strings.Fields("IAM.2 IAM.3 IAM.4 IAM.5 IAM.6 IAM.9 IAM.15 IAM.16 IAM.18 IAM.22 IAM.26 IAM.27")},
	{id: CIS500, child: "cis-5-0-0", global: strings.Fields("IAM.2 IAM.3 IAM.4 IAM.5 IAM.6 IAM.9 IAM.15 IAM.16 IAM.18 IAM.22 IAM.26 IAM.27")},
	{id: NIST, child: "nist-5-0-0"},
	{id: PCI, child: "pci-4-0-1"},
	{id: Tagging, child: "tagging-1-0-0"},
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
