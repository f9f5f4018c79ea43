package testkit

import "testing"

// Partition is a place to run a test in.
type Partition struct {
	Name    string // aws, aws-cn or aws-us-gov
	Home    string // Region of the default provider
	Other   string // a second Region of the partition
	Global  string // Region where the events of global services appear
	Suffix  string // domain of its endpoints
	Regions []string
}

// Partitions are the three public partitions.
var Partitions = []Partition{
	{"aws", "ap-northeast-1", "eu-west-1", "us-east-1", "amazonaws.com", []string{
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
		"ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
		"us-east-1", "us-east-2", "us-west-1", "us-west-2",
	}},
	{"aws-cn", "cn-north-1", "cn-northwest-1", "cn-north-1", "amazonaws.com.cn", []string{
		"cn-north-1", "cn-northwest-1",
	}},
	{"aws-us-gov", "us-gov-west-1", "us-gov-east-1", "us-gov-west-1", "amazonaws.com", []string{
		"us-gov-east-1", "us-gov-west-1",
	}},
}

func partitionNamed(t testing.TB, name string) Partition {
	t.Helper()
	for _, p := range Partitions {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no partition %q", name)
	return Partition{}
}

// InPartitions runs a test in each partition.
func InPartitions(t *testing.T, test func(t *testing.T, p Partition)) {
	t.Helper()
	for _, p := range Partitions {
		t.Run(p.Name, func(t *testing.T) { test(t, p) })
	}
}

// Mode is what the engine is doing while the program runs.
type Mode struct {
	Name   string
	DryRun bool
}

// Modes are preview, where outputs are unknown, and deployment.
var Modes = []Mode{{"preview", true}, {"deploy", false}}

// BothModes runs a test in preview and in deployment.
func BothModes(t *testing.T, test func(t *testing.T, m Mode)) {
	t.Helper()
	for _, m := range Modes {
		t.Run(m.Name, func(t *testing.T) { test(t, m) })
	}
}

// Everywhere runs a test in both modes in each partition.
func Everywhere(t *testing.T, test func(t *testing.T, o Options)) {
	t.Helper()
	InPartitions(t, func(t *testing.T, p Partition) {
		BothModes(t, func(t *testing.T, m Mode) {
			test(t, Options{Partition: p.Name, DryRun: m.DryRun})
		})
	})
}
