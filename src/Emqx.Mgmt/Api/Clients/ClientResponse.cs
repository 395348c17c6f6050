using Emqx.Mgmt.Api.OpenApi;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>A client, connected or with a session that waits for it. Written by <see cref="ClientJsonWriter"/>; here for the API's description.</summary>
internal sealed class ClientResponse : IFieldTable
{
    public static IReadOnlyList<DescribedField> Fields => ClientFields.All;
}
