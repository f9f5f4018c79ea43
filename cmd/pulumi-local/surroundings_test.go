package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
)

func TestSurroundings(t *testing.T) {
	p := newProject(t, "")
	none, err := p.readSurroundings()
	require.NoError(t, err)
	require.Equal(t, surroundings{}, none)

	write := func(text string) {
		require.NoError(t, os.WriteFile(filepath.Join(p.root, surroundingsFile), []byte(text), 0o600))
	}
	write("organization:\n  id: o-abcdefghij\n  managementAccount: \"210987654321\"\nbuckets:\n- name: org-logs\n  owner: \"210987654321\"\n  region: us-east-1\n  policy:\n    Version: \"2012-10-17\"\n    Statement:\n    - {Effect: Allow, Principal: {Service: cloudtrail.amazonaws.com}, Action: \"s3:GetBucketAcl\", Resource: \"arn:aws:s3:::org-logs\"}\n")
	around, err := p.readSurroundings()
	require.NoError(t, err)
	server, err := serveAccount(p.account(), options{}, around)
	require.NoError(t, err)
	require.Equal(t, "o-abcdefghij", server.Account().Settings.Organization.ID)
	require.Contains(t, server.Account().S3.Buckets, "org-logs")
	require.NoError(t, server.Close())
	left, err := leftBehind(p.account(), p.path(), around)
	require.NoError(t, err)
	require.Empty(t, left.things)

	write("bucket: []\n")
	_, err = p.readSurroundings()
	require.ErrorContains(t, err, `unknown field "bucket"`)
}

func TestOptInRegions(t *testing.T) {
	p := newProject(t, "")
	serve := func(text string, o options) (*awssim.Server, error) {
		require.NoError(t, os.RemoveAll(p.account()))
		require.NoError(t, os.WriteFile(filepath.Join(p.root, surroundingsFile), []byte(text), 0o600))
		around, err := p.readSurroundings()
		if err != nil {
			return nil, err
		}
		return serveAccount(p.account(), o, around)
	}
	for text, want := range map[string][]string{
		"": nil, "optInRegions: []\n": nil, "optInRegions: [eu-south-2, ap-east-1]\n": {"eu-south-2", "ap-east-1"},
	} {
		server, err := serve(text, options{})
		require.NoError(t, err)
		require.ElementsMatch(t, want, server.Account().Settings.OptInRegions)
		require.Len(t, server.Account().EC2.Regions, 17+len(want), "each enabled Region has a default VPC")
		require.NoError(t, server.Close())
		around, err := p.readSurroundings()
		require.NoError(t, err)
		left, err := leftBehind(p.account(), p.path(), around)
		require.NoError(t, err)
		require.Empty(t, left.things, "what was there before is nothing left behind")
	}
	for _, row := range []struct {
		text      string
		partition string
		want      string
	}{
		{"optInRegions: [us-east-1]\n", "", "simulated-account.yaml: optInRegions: us-east-1 is enabled in every account; leave it out"},
		{"optInRegions: [eu-south-1, eu-south-1]\n", "", "optInRegions: eu-south-1 is given twice; remove one of them"},
		{"optInRegions: [eu-souht-1]\n", "", `optInRegions: "eu-souht-1" is no opt-in Region of partition aws; there are af-south-1, ap-east-1`},
		{"optInRegions: [eu-south-1]\n", "aws-cn", `optInRegions: "eu-south-1": partition aws-cn has no opt-in Regions`},
		{"optInRegions: eu-south-1\n", "", "simulated-account.yaml: json: cannot unmarshal string"},
		{"optinregion: [eu-south-1]\n", "", `unknown field "optinregion"`},
	} {
		_, err := serve(row.text, options{partition: row.partition})
		require.ErrorContains(t, err, row.want)
		require.NoFileExists(t, p.account(), "the next try has to find a new account")
	}
}
