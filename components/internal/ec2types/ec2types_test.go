package ec2types_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/internal/ec2types"
)

// TestVersionIsThatOfTheSDK: a resource of another version gets a default provider of its own.
func TestVersionIsThatOfTheSDK(t *testing.T) {
	module, err := os.ReadFile("../../../go.mod")
	require.NoError(t, err)
	assert.Contains(t, string(module), "github.com/pulumi/pulumi-aws/sdk/v6 v"+ec2types.Version+"\n")
}
