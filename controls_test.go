package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/declared"
	"github.com/seed-8894d46d/account-baseline/internal/controls"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// declaredBy is what the program declares with a profile, an address, two Regions, the role that deploys, and nothing else.
func declaredBy(t *testing.T, profile string) []declared.Resource {
	t.Helper()
	return declaredWith(t, map[string]string{"profile": profile})
}

// declaredWith is what the program declares with more settings.
func declaredWith(t *testing.T, settings map[string]string) []declared.Resource {
	t.Helper()
	options := testkit.Options{Config: configured(t, settings)}
	if strings.Contains(settings["alerts"], "webhook") { // whose URL has to be a secret
		options.SecretKeys = []string{"account-baseline:alerts"}
	}
	d := testkit.Run(t, options, baseline)
	var resources []declared.Resource
	for _, r := range d.All() {
		if r.Custom && !r.Read && r.Type != "pulumi:providers:aws" {
			resources = append(resources, declared.Resource{
				Type: r.Type, Name: r.Name, Component: outermost(d, r), Region: r.Region, Inputs: r.Inputs,
			})
		}
	}
	return resources
}

// configured are the settings of declaredBy, and more.
func configured(t testing.TB, settings map[string]string) map[string]string {
	t.Helper()
	config := map[string]string{
		"aws:region":                 "ap-northeast-1",
		"account-baseline:regions":   `["ap-northeast-1","us-east-1"]`,
		"account-baseline:alerts":    `{"emails":["security@example.com"]}`,
		"account-baseline:deployers": `["arn:aws:iam::123456789012:role/ci/account-baseline-deployer"]`,
	}
	for key, value := range settings {
		config["account-baseline:"+key] = value
	}
	all, err := json.Marshal(config)
	require.NoError(t, err)
	t.Setenv("PULUMI_CONFIG", string(all))
	return config
}

// outermost is the name of the component around a resource that is in no other.
func outermost(d *testkit.Deployment, r *testkit.Resource) (name string) {
	for _, parent := range d.All() {
		if parent.URN == r.Parent && !parent.Custom {
			name = parent.Name
			if outer := outermost(d, parent); outer != "" {
				name = outer
			}
		}
	}
	return name
}

var profileNames = []string{"starter", "standard", "strict"}

func judgedProfiles(t *testing.T) (all []controls.Profile) {
	t.Helper()
	for _, name := range profileNames {
		all = append(all, controls.Profile{Name: name, Verdicts: controls.Judge(declaredBy(t, name))})
	}
	return all
}

// TestControlsPageIsUpToDate: with UPDATE_CONTROLS set it writes the page, as make controls does.
func TestControlsPageIsUpToDate(t *testing.T) {
	profiles := judgedProfiles(t)
	data, err := controls.JSON(profiles)
	require.NoError(t, err)
	for path, want := range map[string]string{"docs/controls.md": controls.Markdown(profiles), "docs/controls.json": string(data)} {
		if os.Getenv("UPDATE_CONTROLS") != "" {
			require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
		}
		have, err := os.ReadFile(path)
		require.NoError(t, err)
		if string(have) != want {
			t.Errorf("%s is not what the code says; write it with make controls", path)
		}
	}
}

// TestSettingsSatisfyWhatProfilesLeaveOpen: what the page calls by hand because a setting waits is satisfied once it is set.
func TestSettingsSatisfyWhatProfilesLeaveOpen(t *testing.T) {
	contact := `{"name":"Security","title":"Team","email":"security@example.com","phone":"+81 3 0000 0000"}`
	before := controls.Judge(declaredBy(t, "standard"))
	after := controls.Judge(declaredWith(t, map[string]string{
		"profile":   "standard",
		"hardening": `{"contacts":{"security":` + contact + `,"billing":` + contact + `,"operations":` + contact + `},"defaultSecurityGroups":{"defaultVpcs":true}}`,
		"threats":   `{"macie":{"enabled":true},"trustedAdvisor":{"enabled":true},"securityHub":{"regions":["all"]}}`,
		"trail":     `{"dataEvents":{"s3Objects":{"enabled":true}}}`,
		"archive":   `{"objectLock":{"enabled":true,"days":30}}`,
	}))
	want := map[string]bool{
		"1.2": true, "2.1.3": true, "3.8": true, "3.9": true, "4.16": true, "default-groups": true, "ACCT.01": true, "ACCT.12": true, "WKLD.07": true,
		"archive-locked": true,
	}
	for i, v := range after {
		for _, id := range slices.Concat(v.CIS5, v.SSB, []string{v.Own}) {
			if want[id] {
				require.NotEqual(t, controls.Satisfied, before[i].Status, id)
				require.Equal(t, controls.Satisfied, v.Status, "%s: %s", id, v.Why)
				delete(want, id)
			}
		}
	}
	require.Empty(t, want)
}
