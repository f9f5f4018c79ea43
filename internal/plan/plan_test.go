package plan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

const preview = `{"config":{"aws:region":"eu-west-1","demo:token":"[secret]"}, "steps": [
 {"op":"same","oldState":{"urn":"urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev","type":"pulumi:pulumi:Stack","outputs":{"a":1}},
  "newState":{"urn":"urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev","type":"pulumi:pulumi:Stack"}},
 {"op":"create","newState":{"urn":"urn:pulumi:dev::demo::pulumi:providers:aws::eu","type":"pulumi:providers:aws","custom":true,"inputs":{"region":"eu-west-1"}}},
 {"op":"create","newState":{"urn":"urn:pulumi:dev::demo::x:index:Outer::outer","type":"x:index:Outer","parent":"urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev"}},
 {"op":"create","newState":{"urn":"urn:pulumi:dev::demo::x:index:Inner::inner","type":"x:index:Inner","parent":"urn:pulumi:dev::demo::x:index:Outer::outer"}},
 {"op":"create","newState":{"urn":"urn:pulumi:dev::demo::aws:kms/key:Key::key","type":"aws:kms/key:Key","custom":true,"parent":"urn:pulumi:dev::demo::x:index:Inner::inner","provider":"urn:pulumi:dev::demo::pulumi:providers:aws::eu::04da6b54-80e4-46f7-96ec-b56ff0331ba9","inputs":{"enableKeyRotation":true}}},
 {"op":"delete","oldState":{"urn":"urn:pulumi:dev::demo::aws:sns/topic:Topic::old","type":"aws:sns/topic:Topic","custom":true}}
], "changeSummary":{"same":SAMES,"create":4,"delete":1}}`

func TestRead(t *testing.T) {
	plan, err := Read(strings.NewReader(strings.ReplaceAll(preview, "SAMES", "1")))
	require.NoError(t, err)
	require.Equal(t, &Plan{
		Project: "demo", Stack: "dev", Outputs: map[string]any{"a": 1.0}, Config: map[string]string{"aws:region": "eu-west-1"},
		Before: []declared.Resource{{Type: "aws:sns/topic:Topic", Name: "old", Region: "eu-west-1"}}, // by a default provider
		After: []declared.Resource{{
			Type: "aws:kms/key:Key", Name: "key", Component: "outer", Region: "eu-west-1", Inputs: map[string]any{"enableKeyRotation": true},
		}},
	}, plan)
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"Previewing update": "this is not what `pulumi preview --json --show-sames` prints",
		`{"steps":[]}`:      "the preview has no stack",
		strings.ReplaceAll(preview, "SAMES", "7"):                                "6 unchanged resources are missing; run `pulumi preview --json --show-sames`",
		`{"diagnostics":[{"severity":"error","message":"program failed: x\n"}]}`: "the preview failed: program failed: x",
	} {
		_, err := Read(strings.NewReader(text))
		require.ErrorContains(t, err, want)
	}
}
