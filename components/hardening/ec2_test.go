package hardening

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVersionIsThatOfTheSDK: a resource of another version gets a default provider of its own.
func TestVersionIsThatOfTheSDK(t *testing.T) {
	module, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	assert.Contains(t, string(module), "github.com/pulumi/pulumi-aws/sdk/v6 v"+providerVersion+"\n")
}
