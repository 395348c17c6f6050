namespace Emqx.Broker.Settings;

/// <summary>A field, or all below a path, without effect.</summary>
/// <param name="Path">From the root on; a star stands for any name.</param>
/// <param name="Reason">For users.</param>
internal sealed record FieldWithoutEffect(string Path, string Reason)
{
    /// <summary>Whether that field is meant.</summary>
    public bool Covers(string field)
    {
        var (mine, theirs) = (Path.Split('.'), field.Split('.'));
        return theirs.Length >= mine.Length && mine.Zip(theirs).All(pair => pair.First == "*" || pair.First == pair.Second);
    }
}
