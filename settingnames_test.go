package main

import (
	"errors"
	"testing"
)

func TestArgumentsAreNamedAsSettings(t *testing.T) {
	for _, tt := range []struct{ key, problem, want string }{
		{"config", `Rules.RequiredTags[7]: too many`, `config.rules.requiredTags[7]: too many`},
		{"config", `field ChangeAlerts: nobody`, `config.alerts.resourceTypes: nobody`},
		{"config", `Recorders["eu-west-1"]: the Region is not covered`, `config.recorder["eu-west-1"]: the Region is not covered`},
		{"config", `DeliveryChannels["eu-west-1"].Adopt: no`, `config.deliveryChannel["eu-west-1"].adopt: no`},
		{"threats", `SecurityHub.DisabledControls[0].ID: no`, `threats.securityHub.disabledControls[0].id: no`},
		{"threats", `MalwareProtectedBuckets[1].KeyArn: no`, `threats.guardDuty.malwareProtectedBuckets[1].keyArn: no`},
		{"threats", `AccessAnalyzer.Analyzers["eu-west-1"]: no`, `threats.accessAnalyzer["eu-west-1"]: no`},
		{"threats", "Inspector.Regions[0]: no\nMacie.Regions[0]: no", "threats.inspector.regions[0]: no\nthreats.macie.regions[0]: no"},
		{"billing", `billing guard "bill": field Action.Roles[0]: "deployer" deploys this stack`, `billing.action.roles[0]: "deployer" deploys this stack`},
		{"threats", `threat detection "threats": Archive: it is elsewhere`, `archive: it is elsewhere`},
		{"threats", `threat detection "threats": the home Region is unknown`, `threat detection "threats": the home Region is unknown`},
		{"threats", `something else`, `something else`},
		{"threats", `SecurityHub.Regions: one is missing; add it, or set OmitAggregator`, `threats.securityHub.regions: one is missing; add it, or set threats.securityHub.aggregator to false`},
		{"hardening", `field DefaultSecurityGroups.VPCs["eu-west-1"][0]: no`, `hardening.defaultSecurityGroups.vpcs["eu-west-1"][0]: no`},
		{"hardening", `field OmitEBSEncryption: new EBS volumes can be unencrypted; change it, or set Weaken`, `hardening.ebs.encryptionByDefault: new EBS volumes can be unencrypted; change it, or set hardening.weaken to true`},
		{"archive", `log archive "archive": field Deployers: "a" deploys`, `deployers: "a" deploys`},
		{"trail", `secure trail "audit": field LogRetentionDays: 4 is no period`, `trail.logs.retentionDays: 4 is no period`},
	} {
		if got := asSettings(tt.key, errors.New(tt.problem)).Error(); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.problem, got, tt.want)
		}
	}
	if asSettings("config", nil) != nil {
		t.Error("no problem is no error")
	}
}
