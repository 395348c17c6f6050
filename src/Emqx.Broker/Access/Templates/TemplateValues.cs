using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Templates;

/// <summary>What the places of a template are filled from.</summary>
/// <param name="Client">Whom it is about.</param>
/// <param name="Password">What it has given as password; empty for none.</param>
/// <param name="Request">What it wants to do; null where only who it is matters.</param>
internal readonly record struct TemplateValues(ClientInfo? Client, ReadOnlyMemory<byte> Password = default, AuthorizeRequest? Request = null);
