namespace Emqx.Broker.Hooks;

/// <summary>A part that does its work by hooks alone: nobody asks for it, so the node makes it before any listener opens.</summary>
internal interface IHookUser;
