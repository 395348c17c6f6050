using Emqx.Broker.Collections;

namespace Emqx.Broker.Integration.Sources;

/// <summary>The types of sources: a folder here and a line below for each.</summary>
internal sealed class SourceCatalogue(params IEnumerable<SourceType> types) : Catalogue<SourceType>(types, type => type.Type)
{
    public static readonly SourceCatalogue All = new([]);
}
